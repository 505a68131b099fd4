/** 2^-i, exact. NaN has no index and stays NaN. */
const POWERS = Float64Array.from({ length: 1023 }, (_, i) => 2 ** -i);

/**
 * exp(x) for x <= 0, the same bits on every engine and processor.
 *
 * x = k ln 2 + r with k = rint(x log2 e), ln 2 in two parts (the split of Sun's fdlibm e_exp.c) so that k times the
 * first is exact; e^r by its Taylor polynomial of degree 13 in Horner form, whose remainder is below 2^-57 for
 * |r| <= ln(2)/2; then a multiplication by 2^k, exact for normal results. Only additions, subtractions and
 * multiplications, each rounded once, no fused ones.
 *
 * The constants stand inside because it is called once a row and component, and a bundle's module constants are
 * looked up each time.
 *
 * @param x at most 0; -Infinity gives 0, NaN gives NaN
 * @returns within 2 ulp of e^x; 0 below -708, where results would soon be subnormal
 * @see docs/format.md, "exp"
 */
export function expNonPositive(x: number): number {
  if (x < -708) return 0;
  // adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even
  const k = x * Math.LOG2E + 6755399441055744 - 6755399441055744;
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let p = 1 / 6227020800;
  p = p * r + 1 / 479001600;
  p = p * r + 1 / 39916800;
  p = p * r + 1 / 3628800;
  p = p * r + 1 / 362880;
  p = p * r + 1 / 40320;
  p = p * r + 1 / 5040;
  p = p * r + 1 / 720;
  p = p * r + 1 / 120;
  p = p * r + 1 / 24;
  p = p * r + 1 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * POWERS[-k];
}

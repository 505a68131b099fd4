/**
 * exp(x) for x <= 0, the same bits on every engine and processor.
 *
 * x = k ln 2 + r with k = rint(x / ln 2), ln 2 in two parts so that k times the first is exact; e^r by its Taylor
 * polynomial of degree 13 in Horner form (its remainder is below 2^-57 for |r| <= ln(2)/2); then a multiplication by
 * 2^k, exact for normal results. Only additions, subtractions and multiplications, each rounded once, no fused ones.
 *
 * @param x at most 0; -Infinity gives 0, NaN gives NaN
 * @returns within 2 ulp of e^x; 0 below -708, where results would be subnormal
 * @see docs/format.md, "exp"
 */
export function expNonPositive(x: number): number {
  if (x < SMALLEST) return 0;
  const k = x * LOG2_E + RINT - RINT;
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p = C13;
  p = p * r + C12;
  p = p * r + C11;
  p = p * r + C10;
  p = p * r + C9;
  p = p * r + C8;
  p = p * r + C7;
  p = p * r + C6;
  p = p * r + C5;
  p = p * r + C4;
  p = p * r + C3;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * POWERS[-k];
}

const SMALLEST = -708;
const LOG2_E = Math.LOG2E;
/** ln 2 with its last 33 bits zero, and the rest; the split of Sun's fdlibm e_exp.c */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Adding and subtracting 1.5 * 2^52 rounds to the nearest integer, ties to even. */
const RINT = 6755399441055744;

const [C3, C4, C5, C6, C7, C8] = [1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40320];
const [C9, C10, C11, C12, C13] = [1 / 362880, 1 / 3628800, 1 / 39916800, 1 / 479001600, 1 / 6227020800];

/** 2^-i, exact. NaN has no index and stays NaN. */
const POWERS = Float64Array.from({ length: 1023 }, (_, i) => 2 ** -i);

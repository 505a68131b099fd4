const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Sums of squares of numbers of about 1 have room beyond these, and so do their products with a power of two. */
const MOST = 1000;

/**
 * The exponent of a power of two near x: x * 2^-exponent is about 1, or as near to it as -1000 <= exponent <= 1000 lets it.
 *
 * @param x >= 0; may be infinite
 */
export function binaryExponent(x: number): number {
  double[0] = x;
  const exponent = (words[1] >>> 20) - 1023;
  return Math.min(MOST, Math.max(-MOST, exponent));
}

/**
 * 2^exponent, exactly: products with it are rounded only where they leave the normal doubles.
 *
 * @param exponent integer <= 1023; 0 is the result where no double is as small
 */
export function powerOfTwo(exponent: number): number {
  if (exponent < -1074) return 0;
  const isSubnormal = exponent < -1022;
  words[0] = 0;
  words[1] = (isSubnormal ? exponent + 1023 + 100 : exponent + 1023) << 20;
  return isSubnormal ? double[0] * SMALLER : double[0];
}

const SMALLER = 1 / 2 ** 100;

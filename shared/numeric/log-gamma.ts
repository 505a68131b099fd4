/** From here on Stirling's series is exact to the last bits. */
const ASYMPTOTIC = 10;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * The logarithm of the gamma function.
 *
 * Small arguments are raised by ln Gamma(x) = ln Gamma(x + 1) - ln x, the factors multiplied before one logarithm is
 * taken, until Stirling's series holds, whose first term left out is below 1e-15.
 *
 * @param x > 0
 * @returns within 1e-14 of max(1, |ln Gamma(x)|)
 * @throws {RangeError} if x is not above 0
 * @see Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 6.1.15 and 6.1.40
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`x must be above 0, got ${x}`);
  let raised = x;
  let product = 1;
  for (; raised < ASYMPTOTIC; raised++) product *= raised;
  const s = 1 / raised / raised;
  const series =
    1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s / 156)))));
  return (raised - 0.5) * Math.log(raised) - raised + HALF_LOG_TWO_PI + series / raised - Math.log(product);
}

/**
 * The logarithm of the beta function, Gamma(a) Gamma(b) / Gamma(a + b).
 *
 * @param a > 0
 * @param b > 0
 */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

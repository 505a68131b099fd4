/**
 * Population variance of the union of two groups of rows, from their counts, means and variances.
 *
 * The variance of values beyond 1e154 is no double: it stops at the largest one, so that it stays a number. In the
 * unit of a fit such a bin has next to no spread of its own.
 *
 * @see Chan, Golub and LeVeque (1979), Updating formulae and a pairwise algorithm for computing sample variances
 */
export function unionVariance(n: number, a: number, v: number, m: number, b: number, w: number): number {
  const [share, other] = [n / (n + m), m / (n + m)];
  const between = share * other * (b - a) * (b - a);
  return Math.min(Number.MAX_VALUE, share * v + other * w + between);
}

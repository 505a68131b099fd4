import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** Rows of a group, their mean and population variance. */
export interface Moments {
  count: number;
  mean: number;
  variance: number;
}

/** Moments of the rows in bins [start, end), at least one bin; the bins may be in any unit. */
export function momentsOf(
  bins: Pick<WeightedBins, 'count' | 'mean' | 'variance'>,
  start: number,
  end: number,
): Moments {
  let count = bins.count[start];
  let mean = bins.mean[start];
  let variance = bins.variance[start];
  for (let i = start + 1; i < end; i++) {
    variance = unionVariance(count, mean, variance, bins.count[i], bins.mean[i], bins.variance[i]);
    mean = unionMean(count, mean, bins.count[i], bins.mean[i]);
    count += bins.count[i];
  }
  return { count, mean, variance };
}

/** Mean of the union of n rows of mean a and m rows of mean b. */
export function unionMean(n: number, a: number, m: number, b: number): number {
  const share = m / (n + m);
  // the difference may overflow where the mean does not
  return Math.abs(b - a) < Number.POSITIVE_INFINITY ? a + share * (b - a) : (1 - share) * a + share * b;
}

/**
 * Population variance of the union of n rows of mean a, variance v, and m rows of mean b, variance w.
 *
 * The variance of values beyond 1e154 is no double: it stops at the largest one, so that it stays a number. In the
 * unit of a fit such a bin then has next to no spread of its own.
 *
 * @see Chan, Golub and LeVeque (1979), Updating formulae and a pairwise algorithm for computing sample variances
 */
export function unionVariance(n: number, a: number, v: number, m: number, b: number, w: number): number {
  // not one pattern: until it is optimized V8 walks an array's iterator for each of a million calls
  const own = n / (n + m);
  const other = m / (n + m);
  return Math.min(Number.MAX_VALUE, own * v + other * w + own * other * (b - a) * (b - a));
}

import type { WeightedBins } from './weighted-bins.ts';

/** Mean of the bin that holds the quantile `q` of the rows; NaN where there are none. */
export const binQuantile = (bins: Pick<WeightedBins, 'count' | 'mean'>, q: number): number =>
  binQuantiles(bins, [q])[0];

/**
 * Several quantiles in one pass over the bins.
 *
 * @param shares of the rows, ascending
 */
export function binQuantiles(
  { count, mean }: Pick<WeightedBins, 'count' | 'mean'>,
  shares: readonly number[],
): number[] {
  const total = totalOf(count);
  const last = count.length - 1;
  let i = 0;
  let below = count.length > 0 ? count[0] : 0;
  const quantiles: number[] = [];
  for (const share of shares) {
    while (i < last && below < share * total) below += count[++i];
    quantiles.push(count.length > 0 ? mean[i] : Number.NaN);
  }
  return quantiles;
}

/** The median of bins that are not empty. */
export const medianOf = (bins: Pick<WeightedBins, 'count' | 'mean'>): number => binQuantile(bins, 0.5);

/** Rows of all bins, added up in their order. */
export function totalOf(count: Float64Array): number {
  let total = 0;
  for (let i = 0; i < count.length; i++) total += count[i];
  return total;
}

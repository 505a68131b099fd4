import type { WeightedBins } from './weighted-bins.ts';

/** Mean of the bin that holds the quantile `q` of the rows; NaN where there are none. */
export function binQuantile({ count, mean }: Pick<WeightedBins, 'count' | 'mean'>, q: number): number {
  const target = q * count.reduce((sum, rows) => sum + rows, 0);
  let below = 0;
  for (let i = 0; i < count.length; i++) {
    below += count[i];
    if (below >= target) return mean[i];
  }
  return count.length > 0 ? mean[count.length - 1] : Number.NaN;
}

/** The median of bins that are not empty. */
export const medianOf = (bins: Pick<WeightedBins, 'count' | 'mean'>): number => binQuantile(bins, 0.5);

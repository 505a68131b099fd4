import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { drawBinomial } from './binomial.ts';
import type { RandomSource } from './random-source.ts';

/**
 * A bootstrap resample: `rows` rows drawn from the bins with replacement, as multinomial counts. What a bin looks like
 * inside stays as it is; bins that get no row are left out.
 *
 * @param rows integer >= 1
 * @see Efron (1979), Bootstrap methods: another look at the jackknife
 */
export function resampleBins(bins: WeightedBins, rows: number, random: RandomSource): WeightedBins {
  const length = bins.count.length;
  const counts = new Float64Array(length);
  let weightLeft = bins.count.reduce((sum, count) => sum + count, 0);
  let rowsLeft = rows;
  for (let b = 0; b < length && rowsLeft > 0; b++) {
    const share = b === length - 1 ? 1 : Math.min(1, bins.count[b] / weightLeft);
    counts[b] = drawBinomial(rowsLeft, share, random);
    rowsLeft -= counts[b];
    weightLeft -= bins.count[b];
  }
  const isKept = (_: number, b: number) => counts[b] > 0;
  return {
    count: counts.filter(isKept),
    mean: bins.mean.filter(isKept),
    variance: bins.variance.filter(isKept),
    lower: bins.lower.filter(isKept),
    upper: bins.upper.filter(isKept),
    exact: bins.exact.filter(isKept),
  };
}

import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { countValues, type ExactValues, exactBins } from './exact-values.ts';
import { groupValues } from './group-values.ts';
import { MOST_BINS, reduceBins } from './reduce-bins.ts';
import { RowSorter } from './row-sorter.ts';

/**
 * Reduce sampled rows to the bins of a fit: one exact bin a distinct value where they are at most 2,048, else bins that
 * are fine where rows are dense and the shape of the distribution changes.
 *
 * Depends on the multiset of (value, weight) only.
 *
 * @param values finite, in any order
 * @param weights of the values, > 0; null where all weigh 1
 * @param resolution the column's step
 */
export function binRows(values: Float64Array, weights: Float64Array | null, resolution: number): WeightedBins {
  return binValues(countValues(new RowSorter().sort(values, weights)), resolution);
}

/** The same of distinct values. */
export function binValues(distinct: ExactValues, resolution: number): WeightedBins {
  return distinct.mean.length <= MOST_BINS ? exactBins(distinct) : reduceBins(groupValues(distinct), resolution);
}

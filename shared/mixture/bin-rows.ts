import { sortOrder } from '../numeric/sort-order.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { groupBins } from './group-bins.ts';
import { MOST_BINS, reduceBins } from './reduce-bins.ts';

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
  const distinct = weights ? distinctWeighted(values, weights) : distinctValues(values);
  return distinct.count.length <= MOST_BINS ? distinct : reduceBins(groupBins(distinct), resolution);
}

/** One exact bin a distinct value, ascending; -0 is 0. */
function distinctValues(values: Float64Array): WeightedBins {
  const sorted = values.map((x) => x + 0).sort();
  return exactBins(sorted, () => 1);
}

function distinctWeighted(values: Float64Array, weights: Float64Array): WeightedBins {
  const order = sortOrder(values);
  const sorted = new Float64Array(values.length);
  const weightsInOrder = new Float64Array(values.length);
  for (let i = 0; i < order.length; i++) {
    sorted[i] = values[order[i]] + 0;
    weightsInOrder[i] = weights[order[i]];
  }
  // a sum of weights depends on their order, which must not depend on the order of the rows
  for (let start = 0, end = 1; start < sorted.length; start = end++) {
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > 2) weightsInOrder.subarray(start, end).sort();
  }
  return exactBins(sorted, (at) => weightsInOrder[at]);
}

function exactBins(sorted: Float64Array, weightAt: (at: number) => number): WeightedBins {
  let length = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) length++;
  const count = new Float64Array(length);
  const mean = new Float64Array(length);
  let bin = -1;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) mean[++bin] = sorted[i];
    count[bin] += weightAt(i);
  }
  return {
    count,
    mean,
    variance: new Float64Array(length),
    lower: mean,
    upper: mean,
    exact: new Uint8Array(length).fill(1),
  };
}

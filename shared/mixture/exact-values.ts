import type { WeightedBins } from '../numeric/weighted-bins.ts';
import type { SortedRows } from './row-sorter.ts';

/** Distinct values, ascending, and the rows (or weight) of each. */
export type ExactValues = Pick<WeightedBins, 'count' | 'mean'>;

/** The distinct values of sorted rows, in whose arrays they are written. */
export function countValues({ values, weights }: SortedRows): ExactValues {
  const counts = weights ?? new Float64Array(values.length);
  let length = 0;
  for (let start = 0, end = 0; start < values.length; start = end) {
    const value = values[start];
    let count = 0;
    if (weights) for (; end < values.length && values[end] === value; end++) count += weights[end];
    else {
      while (end < values.length && values[end] === value) end++;
      count = end - start;
    }
    values[length] = value;
    counts[length++] = count;
  }
  return { mean: values.subarray(0, length), count: counts.subarray(0, length) };
}

/** One exact bin a distinct value. */
export function exactBins({ mean, count }: ExactValues): WeightedBins {
  const values = mean.slice();
  return {
    count: count.slice(),
    mean: values,
    variance: new Float64Array(values.length),
    lower: values,
    upper: values,
    exact: new Uint8Array(values.length).fill(1),
  };
}

import { RadixSorter } from '../numeric/radix-sorter.ts';

/** Rows by ascending value. */
export interface SortedRows {
  /** -0 is 0 */
  values: Float64Array;
  /** ascending where values are equal; null where all weigh 1 */
  weights: Float64Array | null;
}

/** Where no more than this share of the rows comes after the ones that all weigh the same, it is sorted by itself. */
const FEW = 1 / 8;

/** Sorts the rows of one column after the other in the same memory. */
export class RowSorter {
  readonly #sorter = new RadixSorter();
  #weights = new Float64Array(0);

  /**
   * @param values finite, not changed
   * @param weights of the values, not changed
   * @returns arrays for the caller to use as he likes, until the next call
   */
  sort(values: Float64Array, weights: Float64Array | null): SortedRows {
    if (!weights) return { values: this.#sorter.sort(values).keys, weights };
    let alike = 1;
    while (alike < weights.length && weights[alike] === weights[0]) alike++;
    if (weights.length - alike <= FEW * weights.length) return this.#sortApart(values, weights, alike);
    const { keys, companions } = this.#sorter.sort(values, weights);
    sortTies(keys, companions!);
    return { values: keys, weights: companions };
  }

  /** The rows that weigh the same without their weight, which takes half the time; the others are merged into them. */
  #sortApart(values: Float64Array, weights: Float64Array, alike: number): SortedRows {
    const rows = values.length;
    const others = this.#sorter.sort(values.subarray(alike), weights.subarray(alike));
    const [few, fewWeights] = [others.keys.slice(), others.companions!.slice()];
    const { keys } = this.#sorter.sort(values.subarray(0, alike), null, rows);
    const merged = new Float64Array(keys.buffer, 0, rows);
    if (this.#weights.length < rows) this.#weights = new Float64Array(rows);
    const mergedWeights = this.#weights.subarray(0, rows).fill(weights[0]);
    for (let i = alike - 1, j = few.length - 1, to = rows - 1; j >= 0; to--) {
      if (i >= 0 && merged[i] > few[j]) {
        merged[to] = merged[i--];
        mergedWeights[to] = weights[0];
      } else {
        merged[to] = few[j];
        mergedWeights[to] = fewWeights[j--];
      }
    }
    sortTies(merged, mergedWeights);
    return { values: merged, weights: mergedWeights };
  }
}

/** A sum of weights depends on their order, which must not depend on the order of the rows; of two it does not. */
function sortTies(values: Float64Array, weights: Float64Array): void {
  for (let start = 0, end = 1; start < values.length; start = end++) {
    let isAscending = true;
    for (; end < values.length && values[end] === values[start]; end++)
      isAscending &&= weights[end] >= weights[end - 1];
    if (!isAscending && end - start > 2) weights.subarray(start, end).sort();
  }
}

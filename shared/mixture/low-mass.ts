import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** A Gaussian expects one value in 500 million farther out than this. */
const DEVIATIONS = 6;

/** Rows of each bin that a mixture does not explain: farther than 6 standard deviations from every Gaussian, on no atom. */
export function lowMass({ count, mean }: WeightedBins, components: readonly Component[]): Float64Array {
  const used = components.filter(({ weight, pruned }) => weight > 0 && !pruned);
  return count.map((rows, b) => (used.some((component) => reaches(component, mean[b])) ? 0 : rows));
}

function reaches({ kind, mean, standardDeviation }: Component, x: number): boolean {
  return kind === 'atom' ? x === mean : Math.abs((x - mean) / standardDeviation) <= DEVIATIONS;
}

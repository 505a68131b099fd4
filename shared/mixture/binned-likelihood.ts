import type { Component } from '../contract/model.ts';
import { normalMass } from '../numeric/normal-distribution.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** What a row in a bin without mass costs: the escape code of the score. */
const ESCAPE = 2 ** -94;

/**
 * Mass of each bin under a mixture: what a row counts of which only the bin is known.
 *
 * It never blames a component for being narrower than a bin, so two mixtures can be compared on bins that are coarser
 * than the rows one of them was fitted to.
 *
 * @param resolution the column's step
 * @returns in (0, 1]
 */
export function binMasses(bins: WeightedBins, components: readonly Component[], resolution: number): Float64Array {
  return bins.lower.map((lower, b) => Math.min(1, massBetween(lower, bins.upper[b], components, resolution) + ESCAPE));
}

/** Log-likelihood of the rows under such masses: nats over all of them, at most 0. */
export function logLikelihoodOf({ count }: WeightedBins, masses: Float64Array): number {
  return masses.reduce((sum, mass, b) => sum + count[b] * Math.log(mass), 0);
}

function massBetween(lower: number, upper: number, components: readonly Component[], step: number): number {
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation, pruned } of components) {
    if (pruned || weight === 0) continue;
    if (kind === 'atom') mass += lower <= mean && mean <= upper ? weight : 0;
    else {
      const from = lower - mean - step / 2;
      const to = upper - mean + step / 2;
      mass += weight * normalMass(from / standardDeviation, to / standardDeviation);
    }
  }
  return mass;
}

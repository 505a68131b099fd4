import type { Component } from '../contract/model.ts';
import { normalMass } from '../numeric/normal-distribution.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** What a row in a bin without mass costs: the escape code of the score. */
const ESCAPE = 2 ** -94;

/**
 * Log-likelihood of rows of which only the bin is known: every row counts the mass of its whole bin.
 *
 * It never blames a component for being narrower than a bin, so two mixtures can be compared on bins that are coarser
 * than the rows one of them was fitted to.
 *
 * @param resolution the column's step
 * @returns nats over all rows, at most 0
 */
export function binnedLogLikelihood(bins: WeightedBins, components: readonly Component[], resolution: number): number {
  let logLikelihood = 0;
  for (let b = 0; b < bins.count.length; b++) {
    const mass = massBetween(bins.lower[b], bins.upper[b], components, resolution);
    logLikelihood += bins.count[b] * Math.log(Math.min(1, mass + ESCAPE));
  }
  return logLikelihood;
}

function massBetween(lower: number, upper: number, components: readonly Component[], step: number): number {
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation, pruned } of components) {
    if (pruned || weight === 0) continue;
    if (kind === 'atom') mass += lower <= mean && mean <= upper ? weight : 0;
    else {
      const [from, to] = [lower - mean - step / 2, upper - mean + step / 2];
      mass += weight * normalMass(from / standardDeviation, to / standardDeviation);
    }
  }
  return mass;
}

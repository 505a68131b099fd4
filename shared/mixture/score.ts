import type { Component } from '../contract/model.ts';
import { normalCdf, normalMass } from '../numeric/normal-distribution.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** Probability that anything is coded at all: 30 bits of flag and 64 of the raw double, for rows no component explains. */
const ESCAPE = 2 ** -94;
/** For a step this narrow, relative to the standard deviation, the density times the step is the mass. */
const NARROW_STEP = 1e-3;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** How well a mixture describes rows; null where there is none. */
export interface Score {
  /** mean of -log2 of the mass of a value's step */
  bitsPerValue: number | null;
  /** largest gap between the distribution functions of rows and model */
  ksDistance: number | null;
}

/**
 * Score a mixture on bins. A bin of one value is scored exactly; others by the mass of a step at their mean, less what
 * their spread costs; where they are wider than a Gaussian, by the mean mass of a step over their range.
 *
 * @param resolution the column's step
 */
export function scoreBins(bins: WeightedBins, components: readonly Component[], resolution: number): Score {
  const total = bins.count.reduce((sum, rows) => sum + rows, 0);
  if (total === 0) return { bitsPerValue: null, ksDistance: null };
  let bits = 0;
  let rows = 0;
  let gap = 0;
  for (let b = 0; b < bins.count.length; b++) {
    bits -= bins.count[b] * Math.log2(massOfStep(bins, b, components, resolution) + ESCAPE);
    const edge = bins.exact[b] === 1 ? bins.mean[b] + resolution / 2 : bins.upper[b];
    const before = rows / total;
    rows += bins.count[b];
    gap = Math.max(gap, Math.abs(rows / total - massBelow(edge, components)));
    if (b === 0)
      gap = Math.max(
        gap,
        massBelow(bins.exact[b] === 1 ? bins.mean[b] - resolution / 2 : bins.lower[b], components) - before,
      );
  }
  return { bitsPerValue: bits / total, ksDistance: Math.min(1, gap) };
}

function massOfStep(
  { mean: means, variance, exact }: WeightedBins,
  b: number,
  components: readonly Component[],
  step: number,
): number {
  const x = means[b];
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation, pruned } of components) {
    if (pruned || weight === 0) continue;
    if (kind === 'atom') {
      if (exact[b] === 1 && x === mean) mass += weight;
      continue;
    }
    const z = (x - mean) / standardDeviation;
    const spread = variance[b] / standardDeviation / standardDeviation;
    mass +=
      weight *
      (spread > 1 ? meanMass(z, spread, step / standardDeviation) : massAt(z, spread, step / standardDeviation));
  }
  return mass;
}

/** The mean of a bin's values' logarithms is what their spread costs. */
function massAt(z: number, spread: number, step: number): number {
  const mass =
    step < NARROW_STEP ? (step * Math.exp(-0.5 * z * z)) / SQRT_TWO_PI : normalMass(z - step / 2, z + step / 2);
  return mass * Math.exp(-spread / 2);
}

/** As if the bin's values were uniform about their mean. */
function meanMass(z: number, spread: number, step: number): number {
  const half = Math.max(Math.sqrt(3 * spread), step / 2);
  return (normalMass(z - half, z + half) * step) / (2 * half);
}

/** The model's distribution function; an atom is a jump at its value. */
function massBelow(x: number, components: readonly Component[]): number {
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation, pruned } of components) {
    if (pruned || weight === 0) continue;
    if (kind === 'atom') mass += mean <= x ? weight : 0;
    else mass += weight * normalCdf((x - mean) / standardDeviation);
  }
  return mass;
}

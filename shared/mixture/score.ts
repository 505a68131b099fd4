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
 * their spread costs; where they are wider than a Gaussian, by the mean mass of a step over their range. Of the rows of
 * a bin that an atom lies in, as many count as the atom's as its spread says.
 *
 * @param resolution the column's step
 */
export function scoreBins(bins: WeightedBins, components: readonly Component[], resolution: number): Score {
  const total = bins.count.reduce((sum, rows) => sum + rows, 0);
  if (total === 0) return { bitsPerValue: null, ksDistance: null };
  const present = components.filter(({ weight, pruned }) => weight > 0 && !pruned);
  const atoms = present.filter(({ kind }) => kind === 'atom');
  const gaussians = present.filter(({ kind }) => kind === 'gaussian');
  let bits = 0;
  for (let b = 0; b < bins.count.length; b++) {
    const atom = atoms.find(({ mean }) => bins.lower[b] <= mean && mean <= bins.upper[b]);
    bits += bins.count[b] * bitsOfBin(bins, b, atom, gaussians, resolution);
  }
  return { bitsPerValue: bits / total, ksDistance: largestGap(bins, present, total, resolution) };
}

function bitsOfBin(
  { mean, variance, lower, upper, exact }: WeightedBins,
  b: number,
  atom: Component | undefined,
  gaussians: readonly Component[],
  step: number,
): number {
  if (!atom) return bitsOf(massOfStep(mean[b], variance[b], gaussians, step));
  if (exact[b] === 1) return bitsOf(atom.weight + massOfStep(mean[b], 0, gaussians, step));
  // the rows of the bin that are not on the atom are seen as uniform in it
  const [below, above, width] = [lower[b] - atom.mean, upper[b] - atom.mean, upper[b] - lower[b]];
  const spreadOfRest = (above * above + above * below + below * below) / 3;
  const spread = variance[b] + (mean[b] - atom.mean) ** 2;
  const rest = spread < spreadOfRest ? spread / spreadOfRest : 1;
  const massOfRest = massOfStep(lower[b] + width / 2, (width * width) / 12, gaussians, step);
  return (1 - rest) * bitsOf(atom.weight) + rest * bitsOf(massOfRest);
}

const bitsOf = (mass: number) => -Math.log2(mass + ESCAPE);

/** Mass of the step of a value, or its mean over values of such a mean and variance. */
function massOfStep(x: number, variance: number, gaussians: readonly Component[], step: number): number {
  let mass = 0;
  for (const { weight, mean, standardDeviation } of gaussians) {
    const z = (x - mean) / standardDeviation;
    const spread = variance / standardDeviation / standardDeviation;
    const width = step / standardDeviation;
    mass += weight * (spread > 1 ? meanMass(z, spread, width) : massAt(z, spread, width));
  }
  return mass;
}

/** The mean of the values' log densities is the one at their mean less half their spread. */
function massAt(z: number, spread: number, step: number): number {
  const mass =
    step < NARROW_STEP ? (step * Math.exp(-0.5 * z * z)) / SQRT_TWO_PI : normalMass(z - step / 2, z + step / 2);
  return mass * Math.exp(-spread / 2);
}

/** As if the values were uniform about their mean. */
function meanMass(z: number, spread: number, step: number): number {
  const half = Math.min(Number.MAX_VALUE, Math.max(Math.sqrt(3 * spread), step / 2));
  return (normalMass(z - half, z + half) * step) / (2 * half);
}

/** At the upper edges of bins, and the lower one of the first; the edges of a value are those of its step. */
function largestGap(bins: WeightedBins, components: readonly Component[], total: number, step: number): number {
  const half = (b: number) => (bins.exact[b] === 1 ? step / 2 : 0);
  let gap = massBelow(bins.lower[0] - half(0), components);
  let rows = 0;
  for (let b = 0; b < bins.count.length; b++) {
    rows += bins.count[b];
    gap = Math.max(gap, Math.abs(rows / total - massBelow(bins.upper[b] + half(b), components)));
  }
  return Math.min(1, gap);
}

/** The model's distribution function; an atom is a jump at its value. */
function massBelow(x: number, components: readonly Component[]): number {
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation } of components) {
    mass += kind === 'atom' ? (mean <= x ? weight : 0) : weight * normalCdf((x - mean) / standardDeviation);
  }
  return mass;
}

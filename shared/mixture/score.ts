import type { Component } from '../contract/model.ts';
import { normalMass } from '../numeric/normal-distribution.ts';
import { totalOf } from '../numeric/quantiles.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { largestGap } from './largest-gap.ts';

/** Probability that anything is coded at all: 30 bits of flag and 64 of the raw double, for rows no component explains. */
const ESCAPE = 2 ** -94;
/** For a step this narrow, relative to the standard deviation, the density times the step is the mass. */
const NARROW_STEP = 1e-3;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
/** Squared deviations from here on: what a Gaussian adds is below the last bit of {@link ESCAPE}. */
const OUT_OF_SIGHT = 210;

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
  const total = totalOf(bins.count);
  if (total === 0) return { bitsPerValue: null, ksDistance: null };
  const present = components.filter(({ weight, pruned }) => weight > 0 && !pruned);
  const atoms = present.filter(({ kind }) => kind === 'atom');
  const steps = new StepMasses(present, resolution);
  let bits = 0;
  for (let b = 0; b < bins.count.length; b++) {
    const atom = atoms.length === 0 ? undefined : atomIn(bins.lower[b], bins.upper[b], atoms);
    bits +=
      bins.count[b] * (atom ? bitsBesideAtom(bins, b, atom, steps) : bitsOf(steps.at(bins.mean[b], bins.variance[b])));
  }
  return { bitsPerValue: bits / total, ksDistance: largestGap(bins, present, resolution) };
}

const atomIn = (lower: number, upper: number, atoms: readonly Component[]) =>
  atoms.find(({ mean }) => lower <= mean && mean <= upper);

function bitsBesideAtom(
  { mean, variance, lower, upper, exact }: WeightedBins,
  b: number,
  atom: Component,
  steps: StepMasses,
): number {
  if (exact[b] === 1) return bitsOf(atom.weight + steps.at(mean[b], 0));
  // the rows of the bin that are not on the atom are seen as uniform in it
  const below = lower[b] - atom.mean;
  const above = upper[b] - atom.mean;
  const width = upper[b] - lower[b];
  const spreadOfRest = (above * above + above * below + below * below) / 3;
  const spread = variance[b] + (mean[b] - atom.mean) ** 2;
  const rest = spread < spreadOfRest ? spread / spreadOfRest : 1;
  const massOfRest = steps.at(lower[b] + width / 2, (width * width) / 12);
  return (1 - rest) * bitsOf(atom.weight) + rest * bitsOf(massOfRest);
}

const bitsOf = (mass: number) => -Math.log2(mass + ESCAPE);

/** The Gaussians' share of the mass of a step. */
class StepMasses {
  readonly #weights: Float64Array;
  readonly #means: Float64Array;
  readonly #deviations: Float64Array;
  /** of the step, in standard deviations */
  readonly #widths: Float64Array;

  constructor(components: readonly Component[], step: number) {
    const gaussians = components.filter(({ kind }) => kind === 'gaussian');
    this.#weights = Float64Array.from(gaussians, ({ weight }) => weight);
    this.#means = Float64Array.from(gaussians, ({ mean }) => mean);
    this.#deviations = Float64Array.from(gaussians, ({ standardDeviation }) => standardDeviation);
    this.#widths = Float64Array.from(gaussians, ({ standardDeviation }) => step / standardDeviation);
  }

  /** Mass of the step of a value, or its mean over values of such a mean and variance. */
  at(x: number, variance: number): number {
    let mass = 0;
    for (let k = 0; k < this.#weights.length; k++) {
      const deviation = this.#deviations[k];
      const z = (x - this.#means[k]) / deviation;
      const spread = variance / deviation / deviation;
      const width = this.#widths[k];
      if (spread > 1) mass += this.#weights[k] * meanMass(z, spread, width);
      else if (width >= NARROW_STEP || z * z < OUT_OF_SIGHT) mass += this.#weights[k] * massAt(z, spread, width);
    }
    return mass;
  }
}

/** The mean of the values' log densities is the one at their mean less half their spread. */
function massAt(z: number, spread: number, step: number): number {
  if (step < NARROW_STEP) return (step * Math.exp(-0.5 * (z * z + spread))) / SQRT_TWO_PI;
  return normalMass(z - step / 2, z + step / 2) * Math.exp(-spread / 2);
}

/** As if the values were uniform about their mean. */
function meanMass(z: number, spread: number, step: number): number {
  const half = Math.min(Number.MAX_VALUE, Math.max(Math.sqrt(3 * spread), step / 2));
  return (normalMass(z - half, z + half) * step) / (2 * half);
}

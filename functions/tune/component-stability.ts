import type { Component } from '../../shared/contract/model.ts';
import { fitPreset, type Preset } from '../../shared/mixture/fit-preset.ts';
import { reduceBins } from '../../shared/mixture/reduce-bins.ts';
import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';
import { matchComponents } from '../../shared/tuning/match-components.ts';
import type { RandomSource } from '../../shared/tuning/random-source.ts';
import { resampleBins } from '../../shared/tuning/resample-bins.ts';

/** A firm component is found in at least this share of the resamples, and its weight is known to within a quarter. */
export const FIRM_SHARE = 0.95;
export const FIRM_WEIGHT_SPREAD = 0.25;
/** A fair one is found in at least this share of the resamples. */
export const FAIR_SHARE = 0.7;

export type Firmness = 'firm' | 'fair' | 'shaky';

/** How much of a component is the data's, how much the sample's chance. */
export interface ComponentStability {
  component: Component;
  /** share of the resamples that have it */
  found: number;
  /** standard deviations over the resamples that have it; null where fewer than two do */
  meanSpread: number | null;
  deviationSpread: number | null;
  weightSpread: number | null;
  word: Firmness;
}

export interface StabilityInput {
  /** of all rows */
  bins: WeightedBins;
  components: readonly Component[];
  resolution: number;
  maxComponents: number;
  preset: Preset;
  /** rows that the model was fitted to: so many does a resample draw */
  rows: number;
  resamples: number;
  random: RandomSource;
}

/**
 * Fit to bootstrap resamples of a column and see which of the model's components come back.
 *
 * @param onResample told of each fit
 * @returns one entry for each component with a weight, in the model's order
 * @see Hennig (2007), Cluster-wise assessment of cluster stability
 */
export function componentStability(input: StabilityInput, onResample: () => void = () => {}): ComponentStability[] {
  const { bins, resolution, maxComponents, preset, rows, resamples, random } = input;
  const components = input.components.filter(isPresent);
  const reduced = reduceBins(bins, resolution);
  const partners: Component[][] = components.map(() => []);
  for (let resample = 0; resample < resamples; resample++) {
    const fit = fitPreset(preset, resampleBins(reduced, rows, random), { resolution, maxComponents });
    const found = fit.components.filter(isPresent);
    for (const [k, partner] of matchComponents(components, found).entries()) {
      if (partner >= 0) partners[k].push(found[partner]);
    }
    onResample();
  }
  return components.map((component, k) => describe(component, partners[k], resamples));
}

const isPresent = ({ weight, pruned }: Component) => weight > 0 && !pruned;

function describe(component: Component, partners: readonly Component[], resamples: number): ComponentStability {
  const found = partners.length / resamples;
  const weightSpread = spreadOf(partners.map(({ weight }) => weight));
  return {
    component,
    found,
    meanSpread: spreadOf(partners.map(({ mean }) => mean)),
    deviationSpread: spreadOf(partners.map(({ standardDeviation }) => standardDeviation)),
    weightSpread,
    word: wordFor(found, (weightSpread ?? Number.POSITIVE_INFINITY) / component.weight),
  };
}

function wordFor(found: number, relativeWeightSpread: number): Firmness {
  if (found >= FIRM_SHARE && relativeWeightSpread <= FIRM_WEIGHT_SPREAD) return 'firm';
  return found >= FAIR_SHARE ? 'fair' : 'shaky';
}

/** Sample standard deviation; differences from the first value, so that large values lose nothing. */
function spreadOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const differences = values.map((value) => value - values[0]);
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  return Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (differences.length - 1));
}

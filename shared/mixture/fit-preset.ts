import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { fitCtgan } from './ctgan/fit-ctgan.ts';
import { type FitOptions, fitMixture, type MixtureFit } from './fit-mixture.ts';
import { reduceBins } from './reduce-bins.ts';

export type Preset = 'modemap' | 'ctgan';

/** Fit a column's mixture as its preset says: by our own recipe, or as the reference does. */
export function fitPreset(preset: Preset, bins: WeightedBins, options: FitOptions): MixtureFit {
  // without a row there is nothing in which the presets could differ
  if (preset === 'modemap' || bins.count.length === 0) return fitMixture(bins, options);
  return fitCtgan(reduceBins(bins, options.resolution), options);
}

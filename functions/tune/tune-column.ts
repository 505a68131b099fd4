import { fitPreset, type Preset } from '../../shared/mixture/fit-preset.ts';
import { MOST_BINS, reduceBins } from '../../shared/mixture/reduce-bins.ts';
import { scoreBins } from '../../shared/mixture/score.ts';
import { meanOf, oneStandardError, standardErrorOf } from '../../shared/tuning/one-standard-error.ts';
import { randomSource } from '../../shared/tuning/random-source.ts';
import { type SearchName, searchSettings } from '../../shared/tuning/search.ts';
import { type HeldOut, holdOut } from './hold-out.ts';

/** What of a column's options decides how well its mixture fits. */
export interface TuneSetting {
  preset: Preset;
  maxComponents: number;
}

export interface TuneOptions {
  search: SearchName;
  /** settings to try */
  budget: number;
  seed: number;
  /** largest `maxComponents` tried */
  mostComponents: number;
  presets: readonly Preset[];
}

export interface TuneTrial extends TuneSetting {
  /** share of the bins that the fit saw */
  share: number;
  /** components of the fitted mixture */
  components: number;
  /** mean over the rows held out */
  heldOutBits: number;
  /** of `heldOutBits` */
  standardError: number;
}

export interface TunedColumn {
  /** the smallest setting that is as good as the best, by the one-standard-error rule */
  chosen: TuneTrial;
  best: TuneTrial;
  /** all that was tried, by preset, components and share */
  curve: TuneTrial[];
}

/**
 * Search the settings of a column's fit: fit to one half of the sample, score the other half by the bits a value needs.
 *
 * The sample is reduced to bins once; the resource that `halving` deals out is their number, since that is what a fit
 * costs: rows beyond the bins cost nothing. Where the setting to choose did not use all its components, the one that
 * allows just these is tried as well.
 *
 * @param values finite, at least 2
 * @param weights of the values, or null where all weigh the same
 * @param onTrial told of each fit
 */
export function tuneColumn(
  column: { name: string; values: Float64Array; weights: Float64Array | null; resolution: number },
  { search, budget, seed, mostComponents, presets }: TuneOptions,
  onTrial: () => void = () => {},
): TunedColumn {
  const { name, values, weights, resolution } = column;
  const held = holdOut(values, weights, { resolution, seed, column: name });
  const sizes = Array.from({ length: mostComponents }, (_, i) => i + 1);
  // sizes first, so that a grid spreads over them with each preset
  const settings = sizes.flatMap((maxComponents) => presets.map((preset) => ({ preset, maxComponents })));
  const attempt = (setting: TuneSetting, share: number): Scored => {
    const { components, blocks } = evaluate(held, setting, share, resolution);
    onTrial();
    const score = meanOf(blocks, held.rows);
    const standardError = standardErrorOf(blocks, held.rows);
    return { score, blocks, trial: { ...setting, share, components, heldOutBits: score, standardError } };
  };
  const random = randomSource(seed, name, 'search');
  const scored: Scored[] = searchSettings({ search, settings, budget, random }, attempt);
  for (;;) {
    const { best, chosen } = choose(scored, held.rows);
    const { preset, components } = chosen;
    const isTried = ({ trial }: Scored) =>
      trial.share === 1 && trial.preset === preset && trial.maxComponents === components;
    if (scored.some(isTried)) return { best, chosen, curve: scored.map(({ trial }) => trial).sort(inOrder) };
    // a fit that needed fewer components than it was allowed names a smaller setting that the search passed over
    scored.push(attempt({ preset, maxComponents: components }, 1));
  }
}

interface Scored {
  score: number;
  blocks: Float64Array;
  trial: TuneTrial;
}

function choose(scored: readonly Scored[], rows: Float64Array): { best: TuneTrial; chosen: TuneTrial } {
  const last = scored.filter(({ trial }) => trial.share === 1);
  const { best, chosen } = oneStandardError(
    last.map(({ blocks, trial }) => ({ size: trial.maxComponents, blocks })),
    rows,
  );
  return { best: last[best].trial, chosen: last[chosen].trial };
}

function evaluate({ fit, blocks }: HeldOut, { preset, maxComponents }: TuneSetting, share: number, resolution: number) {
  const bins = share === 1 ? fit : reduceBins(fit, resolution, Math.max(1, Math.round(share * MOST_BINS)));
  const { components } = fitPreset(preset, bins, { resolution, maxComponents });
  return {
    components: components.filter(({ weight, pruned }) => weight > 0 && !pruned).length,
    blocks: Float64Array.from(blocks, (block) => scoreBins(block, components, resolution).bitsPerValue!),
  };
}

const inOrder = (a: TuneTrial, b: TuneTrial) =>
  b.preset.localeCompare(a.preset) || a.maxComponents - b.maxComponents || a.share - b.share;

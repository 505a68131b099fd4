import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { binMasses, logLikelihoodOf } from './binned-likelihood.ts';
import { climbMixture, pulledMixture } from './climb-mixture.ts';
import type { MixtureFit } from './fit-mixture.ts';
import { fitPreset, type Preset } from './fit-preset.ts';
import { lowMass } from './low-mass.ts';
import { GAUSSIAN, penaltyOf, stateOf } from './mixture-state.ts';
import { reduceBins } from './reduce-bins.ts';
import { unseenModes } from './unseen-modes.ts';
import { unseenRows } from './unseen-rows.ts';

/** Gain below which no refit is worth a second pass, in nats a row. */
const SMALLEST_GAIN = 0.002;
/** A fair sample's gain follows chi-square / (2 rows of the sample); this many times its mean is never chance. */
const TIMES_EXPECTED = 3;
/**
 * Of a fair sample's column, a share of so many rows over the sample's may lie beyond all that it holds: the shares
 * beyond its two extremes follow an exponential distribution each, and their sum is larger by a chance of 8e-5.
 */
const BEYOND_SAMPLE = 12;
const LOW_MASS_ROWS = 10;
const LOW_MASS_SHARE = 1e-5;

export interface AuditInput {
  /** all rows */
  bins: WeightedBins;
  /** of the sample's model */
  components: readonly Component[];
  resolution: number;
  /** rows that the sample's model was fitted to */
  sampleRows: number;
  maxComponents: number;
  preset: Preset;
}

export interface AuditResult {
  /** the better of a fit to all rows and of a climb from the sample's model; fitted when first asked for */
  refit: () => MixtureFit;
  /**
   * what a fit to all rows gains over the sample's model, nats a row, or if nothing speaks against that model, what it
   * gains itself when all rows pull at it; null where there is no row
   */
  gain: number | null;
  limit: number | null;
  /** rows farther than 6 standard deviations from every Gaussian and on no atom, but not so in a refit if there is one */
  lowMassRows: number;
  lowMassLimit: number;
  /** rows in modes that the sample's model does not know because the sample did not hold them */
  unseenRows: number;
  misled: boolean;
}

/**
 * Did the sample mislead? Fit again, to all rows, and compare, in three ways: by the likelihood of all rows; by the rows
 * that only the refit explains at all; by modes that the sample's model does not know, however few their rows.
 *
 * A sample that is fair is no reason to write a table twice, however small it is: each figure is compared with what a
 * fair sample of so many rows may leave. Nor is it one to search a mixture again: see {@link quietAudit}.
 *
 * @see Wilks (1938), The large-sample distribution of the likelihood ratio
 */
export function auditModel(input: AuditInput): AuditResult {
  const { bins, components, resolution, preset, sampleRows } = input;
  const reduced = reduceBins(bins, resolution);
  const rows = bins.count.reduce((sum, count) => sum + count, 0);
  let fitted: MixtureFit | undefined;
  const refit = () => {
    fitted ??= refitOf(reduced, input);
    return fitted;
  };
  const lowMassLimit = lowMassLimitOf(rows, sampleRows);
  if (rows === 0) return { refit, gain: null, limit: null, lowMassRows: 0, lowMassLimit, unseenRows: 0, misled: false };
  const quiet = preset === 'modemap' ? quietAudit(reduced, input, lowMassLimit) : undefined;
  if (quiet) return { refit, ...quiet, lowMassLimit, unseenRows: 0, misled: false };
  const better = refit().components;
  const gain = gainOf(reduced, input, better);
  const limit = gainLimit(input, better);
  const lowMassRows = lowMassCount(bins, components, better);
  // the reference prunes rare components, a refit no less than the first fit
  const unseen =
    preset === 'ctgan'
      ? 0
      : unseenRows({ bins, components, refit: better, resolution, sampledShare: sampleRows / rows });
  const misled = gain > limit || lowMassRows >= lowMassLimit || unseen > 0;
  return { refit, gain, limit, lowMassRows, lowMassLimit, unseenRows: unseen, misled };
}

/** A search may find more than the sample's model gains by a climb and a round of refining, but not twice as much. */
const SHARE_OF_LIMIT = 1 / 2;

/**
 * What there is to say without a search, where nothing speaks against the sample: no window holds rows that its model
 * does not expect, fewer rows are unexplained than may be, and all rows do not pull the model away. A sample that misled
 * has left its model off the maximum of all rows, and what a search gains begins there.
 */
function quietAudit(reduced: WeightedBins, input: AuditInput, lowMassLimit: number) {
  const { bins, components, resolution, maxComponents } = input;
  const lowMassRows = lowMass(bins, components).reduce((sum, rows) => sum + rows, 0);
  if (lowMassRows >= lowMassLimit || unseenModes(bins, components, resolution).length > 0) return undefined;
  const pulled = pulledMixture(reduced, components, { resolution, maxComponents });
  if (!pulled) return undefined;
  const gain = gainOf(reduced, input, pulled.components);
  const limit = gainLimit(input, pulled.components);
  return gain <= SHARE_OF_LIMIT * limit ? { gain, limit, lowMassRows } : undefined;
}

/** Growing may end in a lesser maximum than the one the sample's model is close to. */
function refitOf(reduced: WeightedBins, { components, resolution, maxComponents, preset }: AuditInput): MixtureFit {
  const fitted = fitPreset(preset, reduced, { resolution, maxComponents });
  const climbed = preset === 'modemap' ? climbMixture(reduced, components, { resolution, maxComponents }) : undefined;
  if (!climbed) return fitted;
  const likelihood = (fit: MixtureFit) => logLikelihoodOf(reduced, binMasses(reduced, fit.components, resolution));
  return likelihood(climbed) > likelihood(fitted) ? climbed : fitted;
}

/**
 * What the refit gains over the sample's model, nats a row, where that is granted the share of rows that a fair sample
 * may not have seen. Without, a few rows far out in a heavy tail, which cost the square of their distance, outweigh all.
 */
function gainOf(reduced: WeightedBins, input: AuditInput, refit: readonly Component[]): number {
  const { components, resolution, sampleRows } = input;
  const unseen = Math.min(0.5, BEYOND_SAMPLE / Math.max(1, sampleRows));
  const known = binMasses(reduced, components, resolution);
  const better = binMasses(reduced, refit, resolution);
  const granted = known.map((mass, b) => (1 - unseen) * mass + unseen * better[b]);
  const rows = reduced.count.reduce((sum, count) => sum + count, 0);
  return Math.max(0, (logLikelihoodOf(reduced, better) - logLikelihoodOf(reduced, granted)) / rows);
}

/**
 * A fair sample's parameters are off by chance; and components of the refit that the sample was too small to pay for,
 * it has refused rightly.
 */
function gainLimit({ components, sampleRows }: AuditInput, refit: readonly Component[]): number {
  const rows = Math.max(1, sampleRows);
  const parameters = 3 * components.length - 1;
  const refused = Math.max(0, priceOf(refit, rows) - priceOf(components, rows));
  return Math.max(SMALLEST_GAIN, ((TIMES_EXPECTED / 2) * parameters + refused) / rows);
}

/** What the components that a mixture uses cost a fit to so many rows, in nats. */
function priceOf(components: readonly Component[], rows: number): number {
  const used = components.filter(({ weight, pruned }) => weight > 0 && !pruned);
  const states = used.map(({ kind, weight, mean, standardDeviation }) => ({
    weight,
    mean,
    variance: standardDeviation ** 2,
    atomBin: kind === 'atom' ? 0 : GAUSSIAN,
  }));
  return penaltyOf(stateOf(states), rows);
}

function lowMassLimitOf(rows: number, sampleRows: number): number {
  return Math.max(LOW_MASS_ROWS, LOW_MASS_SHARE * rows, (BEYOND_SAMPLE * rows) / Math.max(1, sampleRows));
}

/** Rows that the refit explains and the sample's model does not. */
function lowMassCount(bins: WeightedBins, known: readonly Component[], refit: readonly Component[]): number {
  const stillUnexplained = lowMass(bins, refit);
  return lowMass(bins, known).reduce((sum, rows, b) => sum + (stillUnexplained[b] > 0 ? 0 : rows), 0);
}

import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { binnedLogLikelihood } from './binned-likelihood.ts';
import { climbMixture } from './climb-mixture.ts';
import type { MixtureFit } from './fit-mixture.ts';
import { fitPreset, type Preset } from './fit-preset.ts';
import { reduceBins } from './reduce-bins.ts';

/** Gain below which no refit is worth a second pass, in nats a row. */
const SMALLEST_GAIN = 0.002;
/** A fair sample's gain follows chi-square / (2 rows of the sample); this many times its mean is never chance. */
const TIMES_EXPECTED = 3;
const LOW_MASS_DEVIATIONS = 6;
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
  /** the better of a fit to all rows and of a climb from the sample's model */
  refit: MixtureFit;
  /** what a fit to all rows gains over the sample's model, nats a row; null where there is no row */
  gain: number | null;
  limit: number | null;
  /** rows farther than 6 standard deviations from every Gaussian and on no atom */
  lowMassRows: number;
  lowMassLimit: number;
  misled: boolean;
}

/**
 * Did the sample mislead? Fit again, to all rows, and compare; and count the rows that the sample's model does not
 * explain at all, which finds a mode that the sample never saw.
 *
 * @see Wilks (1938), The large-sample distribution of the likelihood ratio
 */
export function auditModel(input: AuditInput): AuditResult {
  const { bins, components, resolution, sampleRows, maxComponents, preset } = input;
  const rows = bins.count.reduce((sum, count) => sum + count, 0);
  const lowMassRows = lowMassCount(bins, components);
  const lowMassLimit = Math.max(LOW_MASS_ROWS, LOW_MASS_SHARE * rows);
  const reduced = reduceBins(bins, resolution);
  const fitted = fitPreset(preset, reduced, { resolution, maxComponents });
  if (rows === 0) return { refit: fitted, gain: null, limit: null, lowMassRows, lowMassLimit, misled: false };
  const likelihoodOf = (mixture: readonly Component[]) => binnedLogLikelihood(reduced, mixture, resolution) / rows;
  // growing may end in a lesser maximum than the one the sample's model is close to
  const climbed = preset === 'modemap' ? climbMixture(reduced, components, { resolution, maxComponents }) : undefined;
  const refit = climbed && likelihoodOf(climbed.components) > likelihoodOf(fitted.components) ? climbed : fitted;
  const gain = Math.max(0, likelihoodOf(refit.components) - likelihoodOf(components));
  const parameters = 3 * components.length - 1;
  const limit = Math.max(SMALLEST_GAIN, (TIMES_EXPECTED * parameters) / (2 * Math.max(1, sampleRows)));
  return { refit, gain, limit, lowMassRows, lowMassLimit, misled: gain > limit || lowMassRows >= lowMassLimit };
}

/** Rows in bins whose mean lies farther than 6 standard deviations from every Gaussian and on no atom. */
function lowMassCount(bins: WeightedBins, components: readonly Component[]): number {
  let rows = 0;
  for (let b = 0; b < bins.count.length; b++) {
    const x = bins.mean[b];
    const explained = components.some(({ kind, mean, standardDeviation }) =>
      kind === 'atom' ? x === mean : Math.abs((x - mean) / standardDeviation) <= LOW_MASS_DEVIATIONS,
    );
    if (!explained) rows += bins.count[b];
  }
  return rows;
}

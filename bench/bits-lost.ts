import type { Component } from '../shared/contract/model.ts';
import { binRows } from '../shared/mixture/bin-rows.ts';
import { climbMixture } from '../shared/mixture/climb-mixture.ts';
import { fitMixture } from '../shared/mixture/fit-mixture.ts';
import { reduceBins } from '../shared/mixture/reduce-bins.ts';
import { resolutionOf } from '../shared/mixture/resolution.ts';
import { scoreBins } from '../shared/mixture/score.ts';
import { medianOf } from '../shared/numeric/quantiles.ts';
import type { WeightedBins } from '../shared/numeric/weighted-bins.ts';
import { mergeSummaries } from '../shared/summary/merge-summaries.ts';
import { summaryBins } from '../shared/summary/summary-bins.ts';
import { encodeSummary } from '../shared/summary/summary-block.ts';
import { summariesOf } from './summaries-of.ts';

const COMPONENTS = 10;
const PARTITIONS = 7;
/** One row in so many is in the sample. */
const SAMPLE_STEP = 10;

export interface BitsLost {
  /** of a fit to the rows, scored on the rows */
  bits: number;
  /** more bits of a fit to the merged summaries, scored on the rows */
  lost: number;
  /** the same, where both fits begin at the same mixture: without the luck of where growing ends */
  lostFromSameStart: number;
  /** bytes of one partition's summary */
  bytes: number;
}

/** What does it cost to fit to the merged summaries of a column's partitions, not to its rows? */
export function bitsLost(values: Float64Array, decimals: number | null): BitsLost {
  const resolution = resolutionOf(values, decimals);
  const options = { resolution, maxComponents: COMPONENTS };
  const sample = binRows(
    values.filter((_, row) => row % SAMPLE_STEP === 0),
    null,
    resolution,
  );
  const known = fitMixture(sample, options).components;
  const ofRows = binRows(values, null, resolution);
  const parts = summariesOf(values, PARTITIONS, { centre: medianOf(sample), components: known, resolution, decimals });
  const ofSummaries = summaryBins(parts.reduce(mergeSummaries));
  const each = oneBinEach(values);
  const bitsOf = (components: readonly Component[]) => scoreBins(each, components, resolution).bitsPerValue!;
  const fitted = fitMixture(ofRows, options).components;
  const climbed = (bins: WeightedBins) => climbMixture(reduceBins(bins, resolution), fitted, options)!.components;
  const bits = bitsOf(fitted);
  return {
    bits,
    lost: bitsOf(fitMixture(ofSummaries, options).components) - bits,
    lostFromSameStart: bitsOf(climbed(ofSummaries)) - bitsOf(climbed(ofRows)),
    bytes: encodeSummary(parts[0]).length,
  };
}

/** A bin for each distinct value: scored on these, a mixture is scored exactly. */
function oneBinEach(values: Float64Array): WeightedBins {
  const sorted = values.slice().sort();
  const mean = sorted.filter((x, i) => i === 0 || x !== sorted[i - 1]);
  const count = new Float64Array(mean.length);
  for (let i = 0, bin = 0; i < sorted.length; i++) {
    if (sorted[i] !== mean[bin]) bin++;
    count[bin]++;
  }
  const exact = new Uint8Array(mean.length).fill(1);
  return { count, mean, variance: new Float64Array(mean.length), lower: mean, upper: mean, exact };
}

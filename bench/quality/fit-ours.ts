import { readFileSync, writeFileSync } from 'node:fs';
import type { Component } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitPreset } from '../../shared/mixture/fit-preset.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { decimalsOf } from '../../shared/numeric/decimals.ts';
import { medianOf } from '../../shared/numeric/quantiles.ts';
import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { summariesOf } from '../summaries-of.ts';
import { timed } from '../timed.ts';

const MAX_COMPONENTS = 10;

export interface OurFit {
  /** how a value's component is chosen where errors are measured */
  rule: 'nearest';
  components: Component[];
  /** CPU seconds, rows to bins; of a summary: all rows summarised in one thread */
  binSeconds: number;
  /** CPU seconds, bins to components */
  fitSeconds: number;
}

/** What we fit to: all rows, the summary of all rows, and the rows that the peers are fitted to. */
export const OURS = { rows: 'modemap', summary: 'modemap from the summary', sample: "modemap on the peers' rows" };

/** Where the components are left for the judge. */
export const OURS_FILE = 'ours.json';

/**
 * Fit a column as the stages of the pipeline do, in this thread.
 *
 * @param folder of the column's rows
 * @param repeats of the fit to all rows: the median of its seconds is told
 */
export function fitOurs(folder: string, repeats: number): Record<string, OurFit> {
  const train = readRows(`${folder}/train.f64`);
  const sample = readRows(`${folder}/sample.f64`);
  const decimals = decimalsOf(train, 64);
  const resolution = resolutionOf(train, decimals);
  const ofSample = binRows(sample, null, resolution);
  // the second fit of a process tells what a column costs where many are fitted: the engine has compiled the first
  const known = fitBins(() => binRows(sample, null, resolution), resolution, 1);
  const told = { centre: medianOf(ofSample), components: known.components, resolution, decimals };
  const contestants = {
    [OURS.rows]: fitBins(() => binRows(train, null, resolution), resolution, repeats),
    [OURS.summary]: fitBins(() => summaryBins(summariesOf(train, 1, told)[0]), resolution, 1),
    [OURS.sample]: known,
  };
  writeFileSync(`${folder}/${OURS_FILE}`, JSON.stringify({ contestants }));
  return contestants;
}

function fitBins(binsOf: () => WeightedBins, resolution: number, repeats: number): OurFit {
  const binned = timed(binsOf);
  const options = { resolution, maxComponents: MAX_COMPONENTS };
  const fits = Array.from({ length: repeats }, () => timed(() => fitPreset('modemap', binned.result, options)));
  const { result, seconds } = fits.sort((a, b) => a.seconds - b.seconds)[(repeats - 1) / 2];
  return { rule: 'nearest', components: result.components, binSeconds: binned.seconds, fitSeconds: seconds };
}

/** Raw little-endian doubles. */
function readRows(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

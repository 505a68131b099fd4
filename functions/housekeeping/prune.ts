import pLimit from 'p-limit';
import type { RunReference } from '../../shared/contract/keys.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { choosePrunable, type KeptReason } from './choose-prunable.ts';
import { datasetRuns } from './dataset-runs.ts';
import { lastLeft } from './last-left.ts';
import type { House } from './ports.ts';
import { type Remove, removeRun } from './remove-run.ts';
import { surveyRuns } from './survey-runs.ts';

export interface PruneRequest {
  datasetId: string;
  /** how many of the newest runs stay, at least 1 */
  keep: number;
  /** ms since 1970 */
  now: number;
}

/** A run that may go. */
export interface Prunable {
  runId: string;
  /** undefined: what is left of a run whose removal was cut short */
  record: RunRecord | undefined;
  objects: number;
  sizeBytes: number;
}

export interface PrunePlan {
  goes: Prunable[];
  stays: { record: RunRecord; reason: KeptReason }[];
}

const REMOVALS_IN_FLIGHT = 32;

/**
 * Say which runs of a dataset {@link prune} would remove: never the current one, none of the newest, none that is
 * younger than a day or that readers left within a day, none that somebody is working on.
 */
export async function planPrune(house: House, { datasetId, keep, now }: PruneRequest): Promise<PrunePlan> {
  const underWay = await house.underWay(datasetId);
  const runs = await datasetRuns(house.output, house.currents, datasetId);
  const choices = choosePrunable(runs, keep, now, await lastLeft(house, datasetId), underWay);
  const surveyed = await surveyRuns(house, datasetId);
  const goes: Prunable[] = [];
  const stays: PrunePlan['stays'] = [];
  for (const { run, kept } of choices) {
    const { record } = run;
    const { objects = 0, sizeBytes = 0 } = surveyed.get(record.run_id) ?? {};
    surveyed.delete(record.run_id);
    if (kept) stays.push({ record, reason: kept });
    else goes.push({ runId: record.run_id, record, objects: objects + 1, sizeBytes });
  }
  for (const [runId, { objects, sizeBytes, hasInputs }] of surveyed) {
    if (!hasInputs && !underWay.includes(runId)) goes.push({ runId, record: undefined, objects, sizeBytes });
  }
  return { goes, stays };
}

/**
 * Remove what {@link planPrune} names, the oldest run first. Every run is looked at once more before it goes: the same
 * files may have been dropped again meanwhile, which makes an old run the current one.
 *
 * @returns what went
 */
export async function prune(house: House, request: PruneRequest, { goes }: PrunePlan): Promise<Prunable[]> {
  const { datasetId } = request;
  const gone: Prunable[] = [];
  for (const prunable of [...goes].reverse()) {
    const run = { datasetId, runId: prunable.runId };
    if (await isWanted(house, run)) continue;
    await removeRun(house, run, removeObjects(house));
    gone.push(prunable);
  }
  return gone;
}

async function isWanted({ currents, underWay }: House, { datasetId, runId }: RunReference): Promise<boolean> {
  return (await currents.read(datasetId))?.runId === runId || (await underWay(datasetId)).includes(runId);
}

/** A bucket with versioning keeps them for a while: what was pruned by mistake can be had back. */
function removeObjects(house: House): Remove {
  return async (room, prefix) => {
    const keys: string[] = [];
    for await (const { key } of house[room].list(prefix)) keys.push(key);
    await pLimit(REMOVALS_IN_FLIGHT).map(keys, (key) => house[room].remove(key));
  };
}

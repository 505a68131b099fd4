import { currentRunSchema } from '../../shared/contract/current-run.ts';
import { RunInProgressError } from '../../shared/contract/errors.ts';
import { outputKeys, type RunReference, runOfOutputKey, runOfWorkKey, workKeys } from '../../shared/contract/keys.ts';
import { readJson } from '../stage-io.ts';
import type { House, Room } from './ports.ts';
import { type Remove, removeRun } from './remove-run.ts';

/** What is to be forgotten: a dataset with all its runs, or one run. */
export interface Forgotten {
  datasetId: string;
  runId?: string;
}

/** What there is to be forgotten. */
export interface ForgetSurvey {
  /** ids of the runs of which anything is stored, committed or not, older versions included */
  runIds: string[];
  /** stored versions of objects, the marks of deletions too */
  versions: number;
  sizeBytes: number;
}

/** Say what {@link forget} would remove. */
export async function surveyForgotten(house: House, forgotten: Forgotten): Promise<ForgetSurvey> {
  const runIds = new Set<string>();
  let versions = 0;
  let sizeBytes = 0;
  for (const [room, prefix] of placesOf(forgotten)) {
    for await (const version of house.erasers[room].versions(prefix)) {
      versions++;
      sizeBytes += version.sizeBytes;
      const run = runOf(room, version.key);
      if (run) runIds.add(run.runId);
    }
  }
  return { runIds: [...runIds].sort(), versions, sizeBytes };
}

/**
 * Remove every version of every object of a dataset, or of one run, and what the catalog says of it. Readers are turned
 * away first, records go next, then all else: at no moment is there a run to be seen that is not whole.
 *
 * A forgetting that is cut short is done again with the same words.
 *
 * @throws {RunInProgressError} if somebody is working on it
 */
export async function forget(house: House, { datasetId, runId }: Forgotten): Promise<void> {
  await requireAtRest(house, { datasetId, runId });
  if (runId === undefined) await forgetDataset(house, datasetId);
  else await forgetRun(house, { datasetId, runId });
}

/** @throws {RunInProgressError} if somebody is working on the dataset, or on the run */
export async function requireAtRest(house: House, { datasetId, runId }: Forgotten): Promise<void> {
  const underWay = (await house.underWay(datasetId)).filter((id) => runId === undefined || id === runId);
  if (underWay.length === 0) return;
  throw new RunInProgressError(
    `what is to be forgotten must be at rest, run ${underWay.join(', ')} of ${datasetId} is under way; wait for it, or stop it first`,
  );
}

async function forgetDataset(house: House, datasetId: string): Promise<void> {
  const erase = eraseIn(house);
  const turnAway = async () => {
    await house.catalog.dropTable(datasetId);
    for (let seen = await house.currents.read(datasetId); seen; seen = await house.currents.read(datasetId)) {
      await house.currents.clear(datasetId, seen);
    }
  };
  do {
    await erase('work', workKeys.listings(datasetId));
    await turnAway();
    await erase('output', outputKeys.recordsOf(datasetId));
    await turnAway();
    await house.catalog.dropPartitions({ datasetId });
    for (const [room, prefix] of placesOf({ datasetId })) await erase(room, prefix);
    // somebody may have dropped the dataset again in the meantime
  } while ((await surveyForgotten(house, { datasetId })).versions > 0);
}

async function forgetRun(house: House, run: RunReference): Promise<void> {
  const erase = eraseIn(house);
  await removeRun(house, run, erase);
  for await (const { key } of house.erasers.work.versions(workKeys.listings(run.datasetId))) {
    if (runOf('work', key)?.runId === run.runId) await erase('work', key);
  }
  await forgetMoves(house, run);
}

/** Moves of the pointer that name the run; those that were cleared away can no longer be asked and go as well. */
async function forgetMoves(house: House, { datasetId, runId }: RunReference): Promise<void> {
  const moves = outputKeys.currentOf(datasetId);
  const others = new Set<string>();
  for await (const { key } of house.output.list(moves)) {
    if ((await readJson(house.output, key, currentRunSchema)).run_id !== runId) others.add(key);
  }
  const keys = new Set<string>();
  for await (const { key } of house.erasers.output.versions(moves)) if (!others.has(key)) keys.add(key);
  for (const key of keys) await house.erasers.output.removeEveryVersion(key);
}

/** The run that an object of one of the stores is of. */
export const runOf = (room: Room, key: string) => (room === 'work' ? runOfWorkKey(key) : runOfOutputKey(key));

const eraseIn =
  ({ erasers }: House): Remove =>
  (room, prefix) =>
    erasers[room].removeEveryVersion(prefix);

/** Every place where something of it may lie. */
function placesOf({ datasetId, runId }: Forgotten): [Room, string][] {
  const output = (prefix: string): [Room, string] => ['output', prefix];
  if (runId === undefined) {
    return [
      ['work', workKeys.dataset(datasetId)],
      ...[outputKeys.recordsOf(datasetId), outputKeys.currentOf(datasetId), ...outputKeys.dataset(datasetId)].map(
        output,
      ),
    ];
  }
  const run = { datasetId, runId };
  return [['work', workKeys.run(run)], ...[outputKeys.record(run), ...outputKeys.run(run)].map(output)];
}

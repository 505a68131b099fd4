import { type CurrentRun, currentRunSchema, type Listing } from '../shared/contract/current-run.ts';
import { outputKeys, type RunReference } from '../shared/contract/keys.ts';
import type { ObjectStore, Stores } from '../shared/store/object-store.ts';
import { newestCommitted } from './listing-log.ts';
import { encodeJson, readJson } from './stage-io.ts';

/** Which run is the current one of a dataset: a pointer that moves only from what its mover has seen. */
export interface CurrentRuns {
  /** undefined: the dataset has none yet */
  read(datasetId: string): Promise<CurrentRun | undefined>;
  /** Point to another run; false where somebody moved the pointer since `seen`. */
  move(datasetId: string, to: Listing, seen: CurrentRun | undefined): Promise<boolean>;
  /** Point to nothing, as far as the pointer was moved until `seen`; a later move stays. */
  clear(datasetId: string, seen: CurrentRun): Promise<void>;
}

/** The pointer as numbered objects in the output store: the last one counts, and a number can be taken only once. */
export function storedCurrentRuns(output: ObjectStore): CurrentRuns {
  return {
    async read(datasetId) {
      let last: string | undefined;
      for await (const { key } of output.list(outputKeys.currentOf(datasetId))) last = key;
      if (last === undefined) return undefined;
      const { run_id, order } = await readJson(output, last, currentRunSchema);
      return { runId: run_id, order, move: moveOf(last) };
    },
    async move(datasetId, { runId, order }, seen) {
      const key = outputKeys.current(datasetId, (seen?.move ?? 0) + 1);
      return (await output.write(key, encodeJson({ run_id: runId, order }))).status === 'written';
    },
    async clear(datasetId, seen) {
      const keys = [];
      for await (const { key } of output.list(outputKeys.currentOf(datasetId))) keys.push(key);
      // the oldest first: what is left by a process that dies says what it said before
      for (const key of keys) if (moveOf(key) <= seen.move) await output.remove(key);
    },
  };
}

const moveOf = (key: string) => Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 10);

/**
 * Make the newest listing whose run is committed the dataset's current run; done after a run's record is written.
 *
 * It looks again after every move, so of two runs that commit at the same time, or of a commit and a new listing, the
 * one that comes later finds what the other one has written: whatever the order, the newer listing wins. In the same
 * way a commit and an erasure find each other: a record that is gone counts for nothing.
 *
 * @param committed the run whose record was just found or written, with the order of its record: what counts where the
 *   log has expired
 */
export async function publishNewest(
  stores: Pick<Stores, 'work' | 'output'>,
  currents: CurrentRuns,
  { datasetId, ...committed }: RunReference & Listing,
): Promise<void> {
  const standing = standingRuns(stores.output, datasetId);
  await pointToNewest(currents, datasetId, standing, async () => {
    const logged = await newestCommitted(stores, datasetId);
    return newerOf(logged, (await standing(committed.runId)) ? committed : undefined);
  });
}

/**
 * Make the current run another one than `gone`, the newest of the rest, or none where there is no rest; a dataset
 * without a current run stays without. Done before the record of `gone` is removed, and once more after that.
 */
export async function turnAwayFrom(
  stores: Pick<Stores, 'work' | 'output'>,
  currents: CurrentRuns,
  gone: RunReference,
): Promise<void> {
  const { datasetId } = gone;
  if (!(await currents.read(datasetId))) return;
  const standing = standingRuns(stores.output, datasetId, gone.runId);
  await pointToNewest(currents, datasetId, standing, async () =>
    newerOf(
      await newestCommitted(stores, datasetId, gone.runId),
      await newestRecord(stores.output, datasetId, gone.runId),
    ),
  );
}

async function pointToNewest(
  currents: CurrentRuns,
  datasetId: string,
  standing: (runId: string) => Promise<boolean>,
  findNewest: () => Promise<Listing | undefined>,
): Promise<void> {
  for (;;) {
    const newest = await findNewest();
    const current = await currents.read(datasetId);
    const stands = current !== undefined && (await standing(current.runId));
    if (stands && (!newest || current.runId === newest.runId || current.order > newest.order)) return;
    if (newest) await currents.move(datasetId, newest, current);
    else if (current) await currents.clear(datasetId, current);
    else return;
  }
}

/** Whether a run is there to be read. */
const standingRuns = (output: ObjectStore, datasetId: string, gone?: string) => async (runId: string) =>
  runId !== gone && (await output.head(outputKeys.record({ datasetId, runId }))) !== undefined;

async function newestRecord(output: ObjectStore, datasetId: string, gone: string): Promise<Listing | undefined> {
  let newest: Listing | undefined;
  for await (const { key } of output.list(outputKeys.recordsOf(datasetId))) {
    if (key === outputKeys.record({ datasetId, runId: gone })) continue;
    const { run_id, order } = await readJson(output, key, currentRunSchema);
    newest = newerOf(newest, { runId: run_id, order });
  }
  return newest;
}

function newerOf(a: Listing | undefined, b: Listing | undefined): Listing | undefined {
  if (a && b) return a.order >= b.order ? a : b;
  return a ?? b;
}

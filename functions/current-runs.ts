import { currentRunSchema, type Listing } from '../shared/contract/current-run.ts';
import { outputKeys, type RunReference } from '../shared/contract/keys.ts';
import type { ObjectStore, Stores } from '../shared/store/object-store.ts';
import { newestCommitted } from './listing-log.ts';
import { encodeJson, readJson } from './stage-io.ts';

/** The run that readers of a dataset get, and how often that has changed. */
export interface CurrentRun extends Listing {
  /** moves so far */
  move: number;
}

/** Which run is the current one of a dataset: a pointer that moves only from what its mover has seen. */
export interface CurrentRuns {
  /** undefined: the dataset has none yet */
  read(datasetId: string): Promise<CurrentRun | undefined>;
  /** Point to another run; false where somebody moved the pointer since `seen`. */
  move(datasetId: string, to: Listing, seen: CurrentRun | undefined): Promise<boolean>;
}

/** The pointer as numbered objects in the output store: the last one counts, and a number can be taken only once. */
export function storedCurrentRuns(output: ObjectStore): CurrentRuns {
  return {
    async read(datasetId) {
      let last: string | undefined;
      for await (const { key } of output.list(outputKeys.currentOf(datasetId))) last = key;
      if (last === undefined) return undefined;
      const { run_id, order } = await readJson(output, last, currentRunSchema);
      return { runId: run_id, order, move: Number.parseInt(last.slice(last.lastIndexOf('/') + 1), 10) };
    },
    async move(datasetId, { runId, order }, seen) {
      const key = outputKeys.current(datasetId, (seen?.move ?? 0) + 1);
      return (await output.write(key, encodeJson({ run_id: runId, order }))).status === 'written';
    },
  };
}

/**
 * Make the newest listing whose run is committed the dataset's current run; done after a run's record is written.
 *
 * It looks again after every move, so of two runs that commit at the same time, or of a commit and a new listing, the
 * one that comes later finds what the other one has written: whatever the order, the newer listing wins.
 *
 * @param committed the run whose record was just found or written, with the order of its record: what counts where the
 *   log has expired
 */
export async function publishNewest(
  stores: Pick<Stores, 'work' | 'output'>,
  currents: CurrentRuns,
  { datasetId, ...committed }: RunReference & Listing,
): Promise<void> {
  for (;;) {
    const logged = await newestCommitted(stores, datasetId);
    const newest = logged && logged.order >= committed.order ? logged : committed;
    const current = await currents.read(datasetId);
    if (current && (current.runId === newest.runId || current.order > newest.order)) return;
    await currents.move(datasetId, newest, current);
  }
}

import { outputKeys, type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { turnAwayFrom } from '../current-runs.ts';
import { listingsOf } from '../listing-log.ts';
import type { House, Room } from './ports.ts';

/** Remove what lies below a prefix of one of the stores, in the way that the caller wants it removed. */
export type Remove = (room: Room, prefix: string) => Promise<void>;

/**
 * Remove a run so that nobody ever sees a part of it: readers are turned to another run, then its record goes, then all
 * that the record stood for. A commit of the same run at the same time looks at the record once more after it has moved
 * the pointer, and this looks at the pointer once more after the record has gone: one of them finds the other.
 *
 * A removal that is cut short is simply done again. It is known by what it leaves: as long as the record is there, the
 * run is whole; without a record, the frozen inputs, which went before it, are missing, which they never are while a run
 * may still go on.
 */
export async function removeRun(house: House, run: RunReference, remove: Remove): Promise<void> {
  const record = outputKeys.record(run);
  do {
    for (const key of await listingsOf(house.work, run)) await remove('work', key);
    await remove('work', workKeys.inputs(run));
    await turnReaders(house, run);
    await remove('output', record);
    await turnReaders(house, run);
    await house.catalog.dropPartitions(run);
    await remove('work', workKeys.run(run));
    for (const prefix of outputKeys.run(run)) await remove('output', prefix);
    // the same files may have been dropped again in the meantime
  } while (await house.output.head(record));
}

async function turnReaders({ work, output, currents, catalog }: House, gone: RunReference): Promise<void> {
  const { datasetId } = gone;
  await turnAwayFrom({ work, output }, currents, gone);
  const current = await currents.read(datasetId);
  if (current) await catalog.moveTable({ datasetId, runId: current.runId });
  else await catalog.dropTable(datasetId);
}

import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { forget } from '../../../functions/housekeeping/forget.ts';
import type { House } from '../../../functions/housekeeping/ports.ts';
import { planPrune, prune } from '../../../functions/housekeeping/prune.ts';
import { Crash, CrashPoint } from '../../support/failing-store.ts';
import { MemoryHouse, type ReadyRun, readyRuns } from '../../support/memory-house.ts';
import { contentsOf } from '../../support/stage-run.ts';

const DAY_MS = 24 * 3_600_000;

let runs: ReadyRun[];
let neighbours: ReadyRun[];
beforeAll(async () => {
  initialiseParquetWasm();
  runs = await readyRuns('table', 3);
  neighbours = await readyRuns('other', 1);
});

/** Three runs of one dataset, a day and more apart, and a dataset beside it. */
async function furnished(): Promise<MemoryHouse> {
  const house = new MemoryHouse();
  await house.drop(neighbours[0]);
  for (const run of runs) {
    await house.drop(run);
    house.time += 2 * DAY_MS;
  }
  return house;
}

const stateOf = async ({ work, output, catalog }: MemoryHouse) => ({
  work: await contentsOf(work),
  output: await contentsOf(output),
  tables: [...catalog.tables],
  partitions: [...catalog.partitions],
});

const pruneIn = (now: number) => async (house: House) => {
  const request = { datasetId: 'table', keep: 1, now };
  await prune(house, request, await planPrune(house, request));
};

describe.each<[string, (house: House, now: number) => Promise<unknown>]>([
  ['a prune', (house, now) => pruneIn(now)(house)],
  ['forgetting an old run', (house) => forget(house, runs[0])],
  ['forgetting the current run', (house) => forget(house, runs[2])],
  ['forgetting a dataset', (house) => forget(house, { datasetId: 'table' })],
])('%s that is cut short', (_, act) => {
  it('wherever that is, never leaves a run to be seen that is not whole, and repeated ends the same', async () => {
    const undisturbed = await furnished();
    await act(undisturbed, undisturbed.time);
    const expected = await stateOf(undisturbed);
    expect(await undisturbed.faults()).toEqual([]);
    let moments = 0;
    // to die after a change is to die before the next one
    for (let isOver = false; !isOver; moments++) {
      const house = await furnished();
      const outcome = await act(house.dyingAt(new CrashPoint(moments + 1, 'before')), house.time).catch(
        (error) => error,
      );
      if (outcome instanceof Error && !(outcome instanceof Crash)) throw outcome;
      isOver = !(outcome instanceof Crash);
      expect(await house.faults(), `before change ${moments + 1}`).toEqual([]);
      await act(house, house.time);
      expect(await stateOf(house), `before change ${moments + 1}, repeated`).toEqual(expected);
    }
    expect(moments).toBeGreaterThan(15);
  }, 60_000);
});

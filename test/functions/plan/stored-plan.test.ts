import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/plan/plan.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, planHeaderOf, runUntil, storesOf } from '../../support/stage-run.ts';

let table: Uint8Array;
let other: Uint8Array;
beforeAll(async () => {
  table = await parquetBytes(
    "select i + 0.5::double as price, i as id, i::varchar as note, date '2026-01-01' as day, i % 2 = 0 as flag from range(6000) t(i)",
    'row_group_size 2048',
  );
  other = await parquetBytes(
    "select i + 0.25::double as price, i as id, i::varchar as note, date '2026-01-01' as day, true as flag from range(100) t(i)",
  );
});

describe('a plan that is stored', () => {
  it('is used as it is: nothing is read or written again', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('plan', stores);
    const before = await contentsOf(stores.work);
    const output = await makePlan(stores)(run);
    stores.input.overwrite('a.parquet', Uint8Array.of(1));
    expect(await makePlan(stores)(run, { columnsPerFit: 1 })).toEqual(output);
    expect(await contentsOf(stores.work)).toEqual(before);
  });

  it.each([0, 1, 2, 3, 4])('comes to be the same after a crash that left %i of its four files', async (left) => {
    const stores = storesOf({ 'a.parquet': table, 'b.parquet': other });
    const run = await runUntil('plan', stores, { configuration: { partitionBytes: 1 } });
    const whole = await contentsOf(stores.work);
    // in the order in which they are written
    const keys = [workKeys.planHeader(run), workKeys.sample(run), workKeys.groups(run), workKeys.plan(run)];
    for (const key of keys.slice(left)) await stores.work.remove(key);
    expect(await makePlan(stores)(run)).toEqual({
      ...run,
      partitions: 4,
      fitGroups: [0],
      toleratedFailures: 0,
      looksBack: true,
    });
    expect(await contentsOf(stores.work)).toEqual(whole);
  });

  it('keeps its column groups where a crash left only its header, whatever the next attempt would choose', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('plan', stores, { columnsPerFit: 1 });
    for (const key of [workKeys.sample(run), workKeys.groups(run), workKeys.plan(run)]) await stores.work.remove(key);
    expect((await makePlan(stores)(run, { columnsPerFit: 32 })).fitGroups).toEqual([0, 1]);
    expect((await planHeaderOf(stores, run)).columnGroups).toEqual([['price'], ['id']]);
  });

  it('is none while its lines are missing: the input is looked at again', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('plan', stores);
    await stores.work.remove(workKeys.plan(run));
    stores.input.overwrite('a.parquet', table);
    await expect(makePlan(stores)(run)).rejects.toThrow('a.parquet changed while the run was reading it; run again');
  });

  it('has its lines written last', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const written: string[] = [];
    const write = stores.work.write.bind(stores.work);
    stores.work.write = async (key, bytes) => {
      written.push(key);
      return write(key, bytes);
    };
    const run = await runUntil('plan', stores);
    expect(written.at(-1)).toBe(workKeys.plan(run));
    expect(new Set(written).size).toBe(5);
  });
});

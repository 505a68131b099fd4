import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeFit } from '../../../functions/fit/fit.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { corruptRowGroup } from '../../support/corrupt-row-group.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, modelOfRun, runUntil, storesOf } from '../../support/stage-run.ts';

let table: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  const columns =
    '(hash(i) % 3000 / 10)::double as a, (hash(i * 3) % 70)::integer as b, i as id, sqrt(hash(i * 5) % 997)::float as c, (hash(i * 7) % 500)::decimal(12, 3) as d';
  table = await parquetBytes(`select ${columns} from range(9000) t(i)`, 'row_group_size 2048');
});

const CONFIGURATION = { sampleRows: 1000, maxComponents: 3 };

describe('the shares of a model', () => {
  it('are the same whatever columns share an invocation', async () => {
    const models = [];
    for (const columnsPerFit of [1, 2, 3, 32]) {
      const stores = storesOf({ 'a.parquet': table });
      models.push(
        await modelOfRun(stores, await runUntil('fit', stores, { columnsPerFit, configuration: CONFIGURATION })),
      );
    }
    expect(models[0].columns.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd']);
    for (const model of models) expect(model).toEqual(models[0]);
  });

  it('are the same whether an invocation holds the values of all its columns at once or of one after the other', async () => {
    const columns = [];
    // one column's values of so many rows are all that may be held
    for (const sampleRows of [100_000, LIMITS.sampledValueBytes / 8]) {
      const stores = storesOf({ 'a.parquet': table, 'b.parquet': table });
      const configuration = { ...CONFIGURATION, sampleRows };
      columns.push((await modelOfRun(stores, await runUntil('fit', stores, { configuration }))).columns);
    }
    expect(columns[0].length).toBeGreaterThan(1);
    expect(columns[1]).toEqual(columns[0]);
  });

  it('are the same wherever the files lie', async () => {
    const [here, there] = [storesOf({ 'a.parquet': table }), storesOf({ 'd/a.parquet': table })];
    const one = await modelOfRun(here, await runUntil('fit', here, { configuration: CONFIGURATION }));
    const other = await modelOfRun(there, await runUntil('fit', there, { root: 'd/', configuration: CONFIGURATION }));
    expect(other).toEqual(one);
  });
});

describe('a fit that is repeated', () => {
  it('finds its share: nothing is read, nothing changes', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, { configuration: CONFIGURATION });
    const before = await contentsOf(stores.work);
    await stores.input.remove('a.parquet');
    await makeFit(stores)({ ...run, pass: 0, group: 0 });
    expect(await contentsOf(stores.work)).toEqual(before);
  });

  it('writes the same share where the first one was lost', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, { configuration: CONFIGURATION });
    const before = await contentsOf(stores.work);
    await stores.work.remove(workKeys.fit(run, 0, 0));
    await makeFit(stores)({ ...run, pass: 0, group: 0 });
    expect(await contentsOf(stores.work)).toEqual(before);
  });
});

describe('a fit whose input is another one now', () => {
  it.each(['changed', 'gone'])('%s since it was listed: fails and leaves no share', async (what) => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('plan', stores);
    if (what === 'gone') await stores.input.remove('a.parquet');
    else stores.input.overwrite('a.parquet', table);
    await expect(makeFit(stores)({ ...run, pass: 0, group: 0 })).rejects.toMatchObject({ name: 'InputChangedError' });
    expect(await stores.work.head(workKeys.fit(run, 0, 0))).toBeUndefined();
  });
});

it('a sampled column that does not decode is named with its whole key, as where it is transformed', async () => {
  const stores = storesOf({ 'table/a.parquet': corruptRowGroup(table, 1) });
  const run = await runUntil('plan', stores, { root: 'table/' });
  await expect(makeFit(stores)({ ...run, pass: 0, group: 0 })).rejects.toMatchObject({
    name: 'UnreadableInputError',
    message: expect.stringMatching(/^column a of table\/a\.parquet does not decode: /),
  });
});

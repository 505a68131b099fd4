import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/plan/plan.ts';
import { readJsonLines } from '../../../functions/stage-io.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { reduceGroupSchema } from '../../../shared/contract/stages.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { planHeaderOf, planned, runUntil, samplePlanOf, storesOf } from '../../support/stage-run.ts';

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

describe('a plan', () => {
  it('tiles the rows: each once, in input order, a partition a row group where these are large', async () => {
    const stores = storesOf({ 'a.parquet': table, 'b.parquet': other });
    const run = await runUntil('plan', stores, { configuration: { partitionBytes: 1 } });
    const partitions = (await planned(stores, run)).sort((a, b) => a.partition - b.partition);
    const slices = partitions.map(({ partition, rows, firstRow, slices: [{ key, rowGroupStart, rowGroupEnd }] }) => [
      partition,
      rows,
      firstRow,
      key,
      rowGroupStart,
      rowGroupEnd,
    ]);
    expect(slices).toEqual([
      [0, 2048, 0, 'a.parquet', 0, 1],
      [1, 2048, 2048, 'a.parquet', 1, 2],
      [2, 1904, 4096, 'a.parquet', 2, 3],
      [3, 100, 0, 'b.parquet', 0, 1],
    ]);
    expect(await planHeaderOf(stores, run)).toMatchObject({ rows: 6100, partitions: 4, rowGroups: 4, objects: 2 });
  });

  it('lists the largest partition first', async () => {
    const stores = storesOf({ 'a.parquet': other, 'b.parquet': table });
    const run = await runUntil('plan', stores, { configuration: { partitionBytes: 1 } });
    const bytes = (await planned(stores, run)).map(({ decodedBytes }) => decodedBytes);
    expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
    expect((await planned(stores, run)).at(-1)?.partition).toBe(0);
  });

  it('is at the keys of its run below the root of its dataset', async () => {
    const stores = storesOf({ 'd/x/a.parquet': table });
    const run = await runUntil('plan', stores, { root: 'd/' });
    const [partition] = await planned(stores, run);
    expect([partition.root, partition.slices[0].key]).toEqual(['d/', 'x/a.parquet']);
  });

  it('says which columns no fit looks at, and why', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('plan', stores, { configuration: { columns: { flag: 'drop', price: 'pass' } } });
    const { decided, columnGroups, columns } = await planHeaderOf(stores, run);
    expect(columnGroups).toEqual([['id']]);
    expect(decided).toEqual([
      { name: 'price', action: 'pass', reason: 'as configured' },
      { name: 'note', action: 'pass', reason: 'STRING is not a number' },
      { name: 'day', action: 'pass', reason: 'DATE passes unless asked for' },
      { name: 'flag', action: 'drop', reason: 'as configured' },
    ]);
    expect(columns.map(({ name }) => name)).toEqual(['price', 'id', 'note', 'day', 'flag']);
  });

  it('cuts the columns into groups for the fit, never more than 32 in one', async () => {
    const wide = await parquetBytes(
      `select ${Array.from({ length: 300 }, (_, c) => `i * ${c + 1} / 7.0::double as c${c}`).join(', ')} from range(50) t(i)`,
    );
    const stores = storesOf({ 'wide.parquet': wide });
    const run = await runUntil('plan', stores, { columnsPerFit: 1000 });
    const { columnGroups } = await planHeaderOf(stores, run);
    expect(columnGroups.flat()).toEqual(Array.from({ length: 300 }, (_, c) => `c${c}`));
    expect(columnGroups.map((group) => group.length)).toEqual([...Array(9).fill(32), 12]);
  });

  it('makes columns of k=v folders', async () => {
    const stores = storesOf({ 'year=2024/m=1/a.parquet': other, 'year=2025/m=2/a.parquet': other });
    const run = await runUntil('plan', stores);
    expect((await planHeaderOf(stores, run)).folderColumns).toEqual(['year', 'm']);
  });

  it('groups partitions by the hundred for the reduce', async () => {
    const file = await parquetBytes('select 0.5::double as x');
    const stores = storesOf(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`${i}.parquet`, file])));
    const run = await runUntil('plan', stores, { configuration: { partitionBytes: 1 } });
    expect(await readJsonLines(stores.work, workKeys.groups(run), reduceGroupSchema)).toEqual([
      { group: 0, partitionStart: 0, partitionEnd: 100 },
      { group: 1, partitionStart: 100, partitionEnd: 200 },
      { group: 2, partitionStart: 200, partitionEnd: 201 },
    ]);
    expect(await planHeaderOf(stores, run)).toMatchObject({ partitions: 201, reduceGroups: 3 });
  });

  it('leaves empty row groups out, and whole files of no row', async () => {
    const empty = await parquetBytes('select i + 0.5 as x from range(0) t(i)');
    const some = await parquetBytes('select i + 0.5 as x from range(10) t(i)');
    const stores = storesOf({ 'a.parquet': empty, 'b.parquet': some, 'c.parquet': empty });
    const run = await runUntil('plan', stores);
    const slices = (await planned(stores, run)).flatMap((partition) => partition.slices.map(({ key }) => key));
    expect(slices).toEqual(['b.parquet']);
    expect(await planHeaderOf(stores, run)).toMatchObject({ rows: 10, partitions: 1, objects: 3 });
  });
});

describe('looking back at all rows', () => {
  it.each([
    ['sample', false],
    ['audit', true],
    ['full', true],
  ])('with fit "%s" is %s, asked once or again', async (fitting, looksBack) => {
    const stores = storesOf({ 'a.parquet': await parquetBytes('select 1.5::double as x') });
    const run = await runUntil('plan', stores, { configuration: { fit: fitting } });
    expect(await makePlan(stores)(run)).toMatchObject({ looksBack });
  });
});

describe('toleratedFailures', () => {
  it.each([
    ['10%', 19, 1],
    ['10%', 20, 2],
    ['4.9%', 20, 0],
    ['100%', 3, 3],
    [4, 20, 4],
    [0, 20, 0],
  ])('%s of %i partitions are %i', async (toleratedFailures, files, expected) => {
    const file = await one;
    const stores = storesOf(Object.fromEntries(Array.from({ length: files }, (_, i) => [`${i}.parquet`, file])));
    const run = await runUntil('plan', stores, { configuration: { toleratedFailures, partitionBytes: 1 } });
    expect(await planHeaderOf(stores, run)).toMatchObject({ partitions: files, toleratedFailures: expected });
  });
  const one = parquetBytes('select 0.5::double as x');
});

describe('the sample', () => {
  it('counts every row of the dataset once, by weight', async () => {
    const stores = storesOf({ 'a.parquet': table, 'b.parquet': other });
    const run = await runUntil('plan', stores, { configuration: { sampleRows: 500 } });
    const { rowGroups } = await samplePlanOf(stores, run);
    const rows: Record<string, number> = {
      'a.parquet0': 2048,
      'a.parquet1': 2048,
      'a.parquet2': 1904,
      'b.parquet0': 100,
    };
    const stoodFor = rowGroups.reduce(
      (sum, { key, rowGroup, offset, step, weight }) =>
        sum + Math.ceil((rows[`${key}${rowGroup}`] - offset) / step) * weight,
      0,
    );
    expect(Math.abs(stoodFor - 6100)).toBeLessThan(13);
  });

  it('lists the row groups that hold an extreme and are not read whole', async () => {
    const stores = storesOf({ 'a.parquet': table, 'b.parquet': other });
    const run = await runUntil('plan', stores, { configuration: { sampleRows: 500 } });
    const { extremes } = await samplePlanOf(stores, run);
    const places = Object.entries(extremes).map(([name, list]) => [name, list.map((p) => `${p.key} ${p.rowGroup}`)]);
    expect(places).toEqual([
      ['price', ['b.parquet 0', 'a.parquet 2']],
      ['id', ['a.parquet 0', 'a.parquet 2']],
    ]);
  });

  it('lists none where all rows are read', async () => {
    const stores = storesOf({ 'a.parquet': table });
    expect((await samplePlanOf(stores, await runUntil('plan', stores))).extremes).toEqual({});
  });
});

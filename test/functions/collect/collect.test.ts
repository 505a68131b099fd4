import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeCollect } from '../../../functions/collect/collect.ts';
import { readJson } from '../../../functions/stage-io.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { auditSchema } from '../../../shared/contract/stages.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, modelOfRun, runUntil, storesOf } from '../../support/stage-run.ts';

const QUICK = { maxComponents: 1 };

let table: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  table = await parquetBytes(
    "select hash(i) % 3000 / 10.0::double as a, 'x' as note, (hash(i * 3) % 70)::integer as b, i as id from range(3000) t(i)",
  );
});

describe('a model', () => {
  it('says where it came from and what it was asked for, all defaults present', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, {
      dataset: 'My Table',
      configuration: { sampleRows: 1000, seed: 3, maxComponents: 1 },
    });
    const { columns, decisions, options, ...rest } = await modelOfRun(stores, run);
    expect(rest).toEqual({
      format: 'modemap-model',
      version: 1,
      dataset: 'My Table',
      datasetId: run.datasetId,
      pass: 0,
      source: { kind: 'sample', rows: 1000, ofRows: 3000 },
    });
    expect(options).toMatchObject({ sampleRows: 1000, seed: 3, maxComponents: 1, clip: 0.99, columns: {} });
    expect(decisions.map(({ name, action }) => `${name} ${action}`)).toEqual([
      'a normalize',
      'note pass',
      'b normalize',
      'id pass',
    ]);
    expect(columns.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('is not made while a share is missing', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, { columnsPerFit: 1, configuration: QUICK });
    await stores.work.remove(workKeys.model(run, 0));
    await stores.work.remove(workKeys.fit(run, 0, 1));
    await expect(makeCollect(stores)({ ...run, pass: 0 })).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: `${workKeys.fit(run, 0, 1)} must have been written by an earlier stage, it is not there`,
    });
    expect(await stores.work.head(workKeys.model(run, 0))).toBeUndefined();
  });

  it('that is stored stays when it is collected again', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, { configuration: QUICK });
    const before = await contentsOf(stores.work);
    await makeCollect(stores)({ ...run, pass: 0 });
    expect(await contentsOf(stores.work)).toEqual(before);
  });

  it('of a table in which nothing is normalized has no columns', async () => {
    const stores = storesOf({ 'a.parquet': table });
    const run = await runUntil('fit', stores, { configuration: { columns: { a: 'pass', b: 'pass', id: 'pass' } } });
    expect(await modelOfRun(stores, run)).toMatchObject({ columns: [], source: { rows: 0, ofRows: 3000 } });
  });
});

describe('an audit', () => {
  /** A standard normal expression in `i`. */
  const normal = (seed: number) =>
    `sqrt(-2 * ln((hash(i * 2 + ${seed}) % 65536 + 1) / 65537.0)) * cos(2 * pi() * (hash(i * 3 + ${seed}) % 65536) / 65536.0)`;

  async function auditOf(x: string, columnsPerFit: number) {
    const bytes = await parquetBytes(
      `select (${x})::double as x, (50 * ${normal(7)})::double as y from range(3000) t(i)`,
    );
    const stores = storesOf({ 'a.parquet': bytes });
    const configuration = { sampleRows: 500, maxComponents: 3 };
    const run = await runUntil('audit', stores, { columnsPerFit, configuration });
    return readJson(stores.work, workKeys.audit(run, 0), auditSchema);
  }

  it('finds nothing where the sample was fair, whatever columns share an invocation', async () => {
    const audit = await auditOf(`hash(i * 11) % 2 * 1000 + ${normal(0)}`, 32);
    expect(audit.misled).toBe(false);
    expect(audit.columns.map(({ name, misled }) => [name, misled])).toEqual([
      ['x', false],
      ['y', false],
    ]);
    expect(await auditOf(`hash(i * 11) % 2 * 1000 + ${normal(0)}`, 1)).toEqual(audit);
  });

  it('finds the column with a mode that the sample never met, and only that one', async () => {
    // every sixth row is sampled, and an extreme would tell of a mode beyond the others, not of one between them
    const hidden = `case when i % 6 = 1 and i < 240 then 500 + i / 100.0 else hash(i * 11) % 2 * 1000 + ${normal(0)} end`;
    const { misled, columns } = await auditOf(hidden, 32);
    expect(misled).toBe(true);
    expect(columns.map(({ name, misled: own, low_mass }) => [name, own, low_mass])).toEqual([
      ['x', true, 40],
      ['y', false, 0],
    ]);
  });
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeCommit } from '../../../functions/commit/commit.ts';
import { outputKeys, type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { parquetBytes, readParquetRows } from '../../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, NOW, ORDER, runUntil, storesOf } from '../../support/stage-run.ts';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes(
    "select case when i % 10 > 0 then sqrt(i + 1) end::double as x, 'n' as note from range(50) t(i)",
  );
});

const CONFIGURATION = { partitionBytes: 1, maxComponents: 1, fit: 'sample' };
const FILES = ['a', 'b', 'c'];

let stores: MemoryStores;
let run: RunReference;
beforeEach(async () => {
  stores = storesOf(Object.fromEntries(FILES.map((name) => [`${name}.parquet`, file])));
  run = await runUntil('reduce', stores, { configuration: CONFIGURATION });
});

const commit = (through: Parameters<typeof makeCommit>[0] = stores) => makeCommit(through, NOW)({ ...run, pass: 0 });

describe('a commit', () => {
  it('leaves parts, metrics, tasks, components, model and record, and nothing else in the output', async () => {
    await commit();
    expect(Object.keys(await contentsOf(stores.output))).toEqual(
      [
        ...[0, 1, 2].map((partition) => outputKeys.part(run, 0, partition)),
        outputKeys.metricsGroup(run, 0),
        outputKeys.componentsFile(run),
        outputKeys.model(run),
        outputKeys.record(run),
        outputKeys.tasksGroup(run, 0),
      ].sort(),
    );
  });

  it('returns the record that it wrote, of the sizes that are there', async () => {
    const record = await commit();
    const contents = await contentsOf(stores.output);
    expect(JSON.parse(contents[outputKeys.record(run)])).toEqual(record);
    expect(contents[outputKeys.record(run)].trimEnd()).not.toContain('\n');
    const parts = [0, 1, 2].map((partition) => contents[outputKeys.part(run, 0, partition)]);
    expect(record).toMatchObject({
      dataset: 'table',
      order: ORDER,
      created_at: NOW(),
      seconds: 60,
      status: 'complete',
      objects: 3,
      rows: 150,
      partitions: 3,
      failed_partitions: 0,
      failures: [],
      passes: 1,
      bytes_in: 3 * file.length,
      bytes_out: parts.reduce((sum, part) => sum + part.length, 0),
      data_location: outputKeys.data(run, 0),
      configuration: JSON.stringify(CONFIGURATION),
      audit: [],
    });
    expect(record.columns).toMatchObject([{ name: 'x', nulls: 15, non_finite: 0, clipped: 0 }]);
  });

  it('writes the metrics of every partition in order, and its tasks', async () => {
    await commit();
    const metrics = await readParquetRows(await stores.output.read(outputKeys.metricsGroup(run, 0)));
    expect(metrics.map(({ partition, column, rows, nulls }) => [partition, column, rows, nulls])).toEqual(
      [0, 1, 2].map((partition) => [partition, 'x', 50n, 5n]),
    );
    const tasks = await readParquetRows(await stores.output.read(outputKeys.tasksGroup(run, 0)));
    expect(tasks.map(({ partition, first_object }) => [partition, first_object])).toEqual(
      FILES.map((name, partition) => [partition, `${name}.parquet`]),
    );
  });

  it('writes the record last', async () => {
    const written: string[] = [];
    const write = stores.output.write.bind(stores.output);
    stores.output.write = async (key, bytes) => {
      written.push(key);
      return write(key, bytes);
    };
    await commit();
    expect(written.length).toBe(5);
    expect(written.at(-1)).toBe(outputKeys.record(run));
  });

  it('that is repeated finds the record, however late', async () => {
    const record = await commit();
    const before = await contentsOf(stores.output);
    const later = makeCommit(
      { ...stores, output: crashingStore(stores.output, new CrashPoint(1, 'before')) },
      () => ORDER,
    );
    expect(await later({ ...run, pass: 0 })).toEqual(record);
    expect(await contentsOf(stores.output)).toEqual(before);
  });
});

describe('a commit that is cut short', () => {
  const moments = [1, 2, 3, 4, 5].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]);

  it.each(moments)('at write %i, just %s it, is not visible before its record and ends the same', async (at, when) => {
    const untouched = Object.keys(await contentsOf(stores.output));
    await commit();
    const expected = await contentsOf(stores.output);
    for (const key of Object.keys(expected)) if (!untouched.includes(key)) await stores.output.remove(key);
    const output = crashingStore(stores.output, new CrashPoint(at, when));
    await expect(commit({ ...stores, output })).rejects.toThrow(Crash);
    const visible = (await stores.output.head(outputKeys.record(run))) !== undefined;
    expect(visible).toBe(at === 5 && when === 'after');
    await commit();
    expect(await contentsOf(stores.output)).toEqual(expected);
  });
});

describe('the model that is committed', () => {
  it('carries rows, nulls, minimum and maximum of all rows, not of the sample', async () => {
    const query = `select case when i = 777 then null when i = 778 then 'nan'::double when i = 1500 then 0.25 when i = 1501 then 912.5
      else 100 + hash(i) % 800 / 3.0 end::double as x from range(3000) t(i)`;
    stores = storesOf({ 'a.parquet': await parquetBytes(query) });
    run = await runUntil('commit', stores, { configuration: { ...CONFIGURATION, sampleRows: 100 } });
    const sampled = JSON.parse((await contentsOf(stores.work))[workKeys.model(run, 0)]);
    const committed = JSON.parse((await contentsOf(stores.output))[outputKeys.model(run)]);
    expect(sampled.columns[0]).toMatchObject({ rows: 100, nulls: 0, nonFinite: 0 });
    expect(committed.columns[0]).toMatchObject({ rows: 3000, nulls: 1, nonFinite: 1, min: 0.25, max: 912.5 });
    const rest = ({ columns: [{ rows, nulls, nonFinite, min, max, ...column }], ...model }: typeof sampled) => ({
      ...model,
      column,
    });
    expect(rest(committed)).toEqual(rest(sampled));
  });
});

describe('a wide table', () => {
  it('of 300 columns goes all the way', async () => {
    const columns = Array.from({ length: 300 }, (_, c) => `sqrt(i + ${c})::double as c${c}`);
    stores = storesOf({ 'a.parquet': await parquetBytes(`select ${columns.join(', ')} from range(60) t(i)`) });
    run = await runUntil('commit', stores, { configuration: CONFIGURATION });
    const record = await commit();
    expect(record.columns.map(({ name }) => name)).toEqual(Array.from({ length: 300 }, (_, c) => `c${c}`));
    const [row] = await readParquetRows(await stores.output.read(outputKeys.part(run, 0, 0)));
    expect(Object.keys(row).length).toBe(600);
  });
});

describe('a table in which nothing is normalized', () => {
  it('is committed all the same, without metrics', async () => {
    stores = storesOf({ 'a.parquet': file });
    run = await runUntil('commit', stores, { configuration: { columns: { x: 'pass' } } });
    expect(await commit()).toMatchObject({ rows: 50, columns: [], status: 'complete' });
    expect(await readParquetRows(await stores.output.read(outputKeys.part(run, 0, 0)))).toEqual(
      await readParquetRows(file),
    );
    expect(await readParquetRows(await stores.output.read(outputKeys.metricsGroup(run, 0)))).toEqual([]);
  });
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { readJson } from '../../../functions/stage-io.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { outputKeys, type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { receiptSchema } from '../../../shared/contract/receipt.ts';
import type { Partition } from '../../../shared/contract/stages.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, PROBES, planned, runUntil, storesOf } from '../../support/stage-run.ts';

let table: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  table = await parquetBytes(
    "select (hash(i) % 3000 / 10)::double as a, 'x' || i as note from range(3000) t(i)",
    'row_group_size 2048',
  );
});

let stores: MemoryStores;
let run: RunReference;
let partition: Partition;
beforeEach(async () => {
  stores = storesOf({ 'a.parquet': table });
  run = await runUntil('fit', stores, { configuration: { maxComponents: 1 } });
  [partition] = await planned(stores, run);
});

const transform = (through: Parameters<typeof makeTransform>[0] = stores, probes = PROBES) =>
  makeTransform(through, probes)({ ...run, pass: 0, partition });
const everything = async () => ({ ...(await contentsOf(stores.work)), ...(await contentsOf(stores.output)) });
const partKey = () => outputKeys.part(run, 0, 0);

describe('what a partition leaves', () => {
  it('are its part, metrics, summary and, last, its receipt', async () => {
    const before = Object.keys(await everything());
    const written: string[] = [];
    const noting = {
      around: async <T>(key: string, change: () => Promise<T>) => {
        written.push(key);
        return change();
      },
    } as CrashPoint;
    await transform({
      input: stores.input,
      work: crashingStore(stores.work, noting),
      output: crashingStore(stores.output, noting),
    });
    const expected = [partKey(), workKeys.metrics(run, 0, 0), workKeys.summary(run, 0, 0), workKeys.receipt(run, 0, 0)];
    expect(written).toEqual(expected);
    expect(Object.keys(await everything()).sort()).toEqual([...before, ...expected].sort());
  });

  it('is described by the receipt as it is', async () => {
    expect(await transform()).toMatchObject({ partition: 0, rows: 3000 });
    const receipt = await readJson(stores.work, workKeys.receipt(run, 0, 0), receiptSchema);
    const head = await stores.output.head(partKey());
    expect({ key: receipt.key, etag: receipt.etag, sizeBytes: receipt.sizeBytes }).toEqual(head);
    expect(receipt.task).toMatchObject({ firstObject: 'a.parquet', firstRow: 0, objects: 1, rows: 3000 });
    expect(receipt.task.bytesRead).toBeGreaterThan(0);
    expect(receipt.task.bytesRead).toBeLessThanOrEqual(table.length + 100_000);
  });

  it('reports its rows as it goes, row group by row group', async () => {
    const reported: number[] = [];
    await transform(stores, { ...PROBES, onRows: (rows) => reported.push(rows) });
    expect(reported).toEqual([2048, 952]);
    await transform(stores, { ...PROBES, onRows: (rows) => reported.push(rows) });
    expect(reported, 'all at once where it was done before').toEqual([2048, 952, 3000]);
  });
});

describe('a partition that has its receipt', () => {
  it('is not touched again: nothing is read of the input, nothing is written', async () => {
    const first = await transform();
    const before = await everything();
    const untouchable = crashingStore(stores.work, new CrashPoint(1, 'before'));
    await stores.input.remove('a.parquet');
    expect(await transform({ ...stores, work: untouchable })).toEqual(first);
    expect(await everything()).toEqual(before);
  });
});

describe('a worker that dies', () => {
  const moments = [1, 2, 3, 4].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]);

  it.each(moments)('at write %i, just %s it, is followed by one that ends with the same bytes', async (at, when) => {
    await transform();
    const undisturbed = await everything();
    for (const key of Object.keys(undisturbed)) {
      if (key.includes('/pass-0/') && !key.includes('/fits/')) await stores.work.remove(key);
    }
    await stores.output.remove(partKey());
    const point = new CrashPoint(at, when);
    const dying = {
      input: stores.input,
      work: crashingStore(stores.work, point),
      output: crashingStore(stores.output, point),
    };
    await expect(transform(dying)).rejects.toThrow(Crash);
    expect(await stores.work.head(workKeys.failedPartition(run, 0, 0)), 'no reason: it may succeed').toBeUndefined();
    await transform();
    const after = await everything();
    // the store gave the part another ETag than the first time, which the receipt repeats
    const etagOf = async () => (await stores.output.head(partKey()))?.etag;
    const receipt = await readJson(stores.work, workKeys.receipt(run, 0, 0), receiptSchema);
    expect(receipt.etag).toBe(await etagOf());
    const withoutEtag = (contents: Record<string, string>) => ({
      ...contents,
      [workKeys.receipt(run, 0, 0)]: contents[workKeys.receipt(run, 0, 0)].replace(/"etag":"v\d+"/, ''),
    });
    expect(withoutEtag(after)).toEqual(withoutEtag(undisturbed));
  });

  it('beside another one of the same partition changes nothing: the later finds all of it there', async () => {
    await Promise.all([transform(), transform()]);
    const twice = await everything();
    stores = storesOf({ 'a.parquet': table });
    run = await runUntil('fit', stores, { configuration: { maxComponents: 1 } });
    await transform();
    expect(twice).toEqual(await everything());
  });
});

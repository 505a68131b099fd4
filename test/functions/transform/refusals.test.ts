import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { readJson } from '../../../functions/stage-io.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { StoreUnavailableError } from '../../../shared/contract/errors.ts';
import { outputKeys, type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { partitionFailureSchema } from '../../../shared/contract/receipt.ts';
import type { Partition } from '../../../shared/contract/stages.ts';
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
const partKey = () => outputKeys.part(run, 0, 0);

describe('other bytes at a key of this partition', () => {
  it.each([
    ['the part', partKey, 'output'],
    ['the metrics', () => workKeys.metrics(run, 0, 0), 'work'],
    ['the summary', () => workKeys.summary(run, 0, 0), 'work'],
  ] as const)('as %s are a defect that says so, and they stay', async (_what, keyOf, store) => {
    stores[store].overwrite(keyOf(), Uint8Array.of(1, 2, 3));
    const error = await transform().catch((thrown: Error) => thrown);
    expect([(error as Error).name, (error as Error).message]).toEqual([
      'Error',
      `a retry must write the same bytes, ${keyOf()} holds others`,
    ]);
    expect([...(await stores[store].read(keyOf()))]).toEqual([1, 2, 3]);
    expect(await stores.work.head(workKeys.receipt(run, 0, 0))).toBeUndefined();
  });

  it('as part, of the same length, are found as well', async () => {
    await transform();
    const other = await stores.output.read(partKey());
    other[other.length >> 1] ^= 1;
    stores.output.overwrite(partKey(), other);
    await stores.work.remove(workKeys.receipt(run, 0, 0));
    await expect(transform()).rejects.toThrow('a retry must write the same bytes');
  });
});

describe('a failure for good', () => {
  const failureKey = () => workKeys.failedPartition(run, 0, 0);

  it.each(['changed', 'gone'])('an object that is %s since it was listed, is told and leaves no part', async (what) => {
    if (what === 'gone') await stores.input.remove('a.parquet');
    else stores.input.overwrite('a.parquet', table);
    await expect(transform()).rejects.toMatchObject({ name: 'InputChangedError' });
    expect(await readJson(stores.work, failureKey(), partitionFailureSchema)).toEqual({
      partition: 0,
      pass: 0,
      firstObject: 'a.parquet',
      name: 'InputChangedError',
      reason:
        what === 'gone'
          ? 'a.parquet is gone since it was listed; run again'
          : 'a.parquet changed while the run was reading it; run again',
    });
    expect(await contentsOf(stores.output)).toEqual({});
    expect(await stores.work.head(workKeys.receipt(run, 0, 0))).toBeUndefined();
  });

  it('a chunk that does not decode, names the object', async () => {
    const corrupt = Uint8Array.from(table).fill(0xff, 4, 2000);
    stores = storesOf({ 'a.parquet': corrupt });
    // the plan and the model of the intact file, which has the same listing
    const intact = storesOf({ 'a.parquet': table });
    run = await runUntil('fit', intact, { configuration: { maxComponents: 1 } });
    stores.work = intact.work;
    await expect(transform()).rejects.toMatchObject({ name: 'UnreadableInputError' });
    const failure = await readJson(stores.work, failureKey(), partitionFailureSchema);
    expect(failure.reason).toContain('a.parquet');
    expect(await contentsOf(stores.output)).toEqual({});
  });

  it('is not one where the store did not answer: no reason is left, the next attempt may succeed', async () => {
    const read = stores.input.read.bind(stores.input);
    stores.input.read = async () => {
      throw new StoreUnavailableError('slow down');
    };
    await expect(transform()).rejects.toThrow('slow down');
    expect(await stores.work.head(failureKey())).toBeUndefined();
    stores.input.read = read;
    expect(await transform()).toMatchObject({ rows: 3000 });
  });

  it('without a model says which object is missing', async () => {
    await stores.work.remove(workKeys.model(run, 0));
    await expect(transform()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: `${workKeys.model(run, 0)} must have been written by an earlier stage, it is not there`,
    });
  });
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeCommit } from '../../../functions/commit/commit.ts';
import { makeReduce } from '../../../functions/reduce/reduce.ts';
import { outputKeys, type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, NOW, runUntil, storesOf } from '../../support/stage-run.ts';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
});

let stores: MemoryStores;
let run: RunReference;
beforeEach(async () => {
  stores = storesOf({ 'a.parquet': file, 'b.parquet': file, 'c.parquet': file });
  run = await runUntil('transform', stores, { configuration: { partitionBytes: 1, maxComponents: 1 } });
});

const GROUP = { group: 0, partitionStart: 0, partitionEnd: 3 };
const reduce = (through: Parameters<typeof makeReduce>[0] = stores) =>
  makeReduce(through)({ ...run, pass: 0, group: GROUP });

describe('a partition', () => {
  it('with neither receipt nor reason fails the reduce, which leaves nothing', async () => {
    await stores.work.remove(workKeys.receipt(run, 0, 1));
    const before = await contentsOf(stores.work);
    await expect(reduce()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: 'partition 1 must have a receipt or a reason for its failure, it has neither',
    });
    expect(await contentsOf(stores.work)).toEqual(before);
  });

  it('with neither is a failure by its worker where failures are tolerated, and the run is partial', async () => {
    const configuration = { partitionBytes: 1, maxComponents: 1, fit: 'sample', toleratedFailures: 1 };
    stores = storesOf({ 'a.parquet': file, 'b.parquet': file, 'c.parquet': file });
    run = await runUntil('transform', stores, { configuration });
    await stores.work.remove(workKeys.receipt(run, 0, 1));
    await reduce();
    const record = await makeCommit(stores, NOW)({ ...run, pass: 0 });
    expect(record).toMatchObject({
      status: 'partial',
      failures: [{ partition: 1, first_object: 'b.parquet', reason: 'worker died: memory or time' }],
    });
    expect(await stores.output.head(outputKeys.part(run, 0, 1))).toBeUndefined();
  });

  it('that failed once and then succeeded has succeeded', async () => {
    const failure = { partition: 1, pass: 0, firstObject: 'b.parquet', name: 'UnreadableInputError', reason: 'once' };
    await stores.work.write(workKeys.failedPartition(run, 0, 1), Buffer.from(JSON.stringify(failure)));
    await reduce();
    const reduced = JSON.parse((await contentsOf(stores.work))[workKeys.reduced(run, 0, 0)]);
    expect([reduced.receipts.length, reduced.failures]).toEqual([3, []]);
  });

  it.each([
    ['metrics', () => workKeys.metrics(run, 0, 2)],
    ['summary', () => workKeys.summary(run, 0, 2)],
  ])('with a receipt but without its %s fails the reduce', async (_what, keyOf) => {
    await stores.work.remove(keyOf());
    await expect(reduce()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: `${keyOf()} must have been written by an earlier stage, it is not there`,
    });
  });

  it('whose receipt is cut short fails the reduce and is named', async () => {
    const key = workKeys.receipt(run, 0, 2);
    stores.work.overwrite(key, (await stores.work.read(key)).subarray(0, 40));
    await expect(reduce()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: expect.stringContaining(`${key} must be JSON`),
    });
  });
});

describe('a reduce that is repeated', () => {
  it('changes nothing', async () => {
    await reduce();
    const before = await contentsOf(stores.work);
    await reduce();
    expect(await contentsOf(stores.work)).toEqual(before);
  });

  it.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('after a crash at write %i, just %s it, ends with the same bytes', async (at, when) => {
    const untouched = await contentsOf(stores.work);
    await reduce();
    const expected = await contentsOf(stores.work);
    for (const key of Object.keys(expected)) if (!(key in untouched)) await stores.work.remove(key);
    await expect(reduce({ work: crashingStore(stores.work, new CrashPoint(at, when)) })).rejects.toThrow(Crash);
    await reduce();
    expect(await contentsOf(stores.work)).toEqual(expected);
  });
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeCommit } from '../../../functions/commit/commit.ts';
import { makeReduce } from '../../../functions/reduce/reduce.ts';
import { encodeJson, readJson } from '../../../functions/stage-io.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { outputKeys, type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { type ReducedGroup, reducedGroupSchema } from '../../../shared/contract/reduced.ts';
import { parquetBytes, readParquetRows } from '../../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, NOW, PROBES, planned, runUntil, storesOf } from '../../support/stage-run.ts';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
});

let stores: MemoryStores;
let run: RunReference;

async function start(last: 'fit' | 'transform' | 'reduce', toleratedFailures: number | string = 0): Promise<void> {
  stores = storesOf({ 'a.parquet': file, 'b.parquet': file, 'c.parquet': file });
  const configuration = { partitionBytes: 1, maxComponents: 1, toleratedFailures };
  run = await runUntil(last, stores, { configuration });
}

const commit = () => makeCommit(stores, NOW)({ ...run, pass: 0 });
const part = (partition: number) => outputKeys.part(run, 0, partition);

async function tamper(change: (group: ReducedGroup) => void): Promise<void> {
  const key = workKeys.reduced(run, 0, 0);
  const group = await readJson(stores.work, key, reducedGroupSchema);
  change(group);
  stores.work.overwrite(key, encodeJson(group));
}

describe('plan, receipts and listing that do not tell one story', () => {
  beforeEach(() => start('reduce'));

  it.each<[string, () => Promise<unknown>, () => string]>([
    [
      'a part that is missing',
      () => stores.output.remove(part(1)),
      () => `the part of partition 1 must be there, ${part(1)} is not listed`,
    ],
    [
      'a part of another size',
      async () => stores.output.overwrite(part(1), Uint8Array.of(1, 2, 3)),
      () => `${part(1)} must be as its receipt says (`,
    ],
    [
      'a part of the same bytes, written again',
      async () => stores.output.overwrite(part(1), await stores.output.read(part(1))),
      () => `${part(1)} must be as its receipt says (`,
    ],
    [
      'a part too many',
      async () => stores.output.overwrite(part(3), file),
      () => `${part(3)} must not be there, no receipt names it`,
    ],
    [
      'any other file among the parts',
      async () => stores.output.overwrite(`${outputKeys.data(run, 0)}notes.txt`, file),
      () => `${outputKeys.data(run, 0)}notes.txt must not be there, no receipt names it`,
    ],
    [
      'a receipt that is missing',
      () => tamper(({ receipts }) => void receipts.splice(1, 1)),
      () => 'partition 1 must have a receipt',
    ],
    [
      'a receipt twice',
      () => tamper(({ receipts }) => void receipts.push(receipts[1])),
      () => '3 partitions were planned, 4 receipts and 0 failures arrived',
    ],
    [
      'a receipt of other rows',
      () =>
        tamper(({ receipts }) => {
          receipts[1].rows = 49;
        }),
      () => 'partition 1 must have 50 rows as planned, its receipt says 49',
    ],
    [
      'a receipt of other bytes',
      () =>
        tamper(({ receipts }) => {
          receipts[1].sizeBytes++;
        }),
      () => `${part(1)} must be as its receipt says (`,
    ],
    [
      'a group that was not reduced',
      () => stores.work.remove(workKeys.reduced(run, 0, 0)),
      () => `${workKeys.reduced(run, 0, 0)} must have been written by an earlier stage, it is not there`,
    ],
  ])('%s: nothing is committed, and the error names it', async (_what, spoil, message) => {
    await spoil();
    await expect(commit()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: expect.stringContaining(message()),
    });
    const keys = Object.keys(await contentsOf(stores.output));
    expect(keys.filter((key) => !key.startsWith('data/'))).toEqual([]);
  });
});

describe('partitions that failed', () => {
  /** b.parquet changes before it is transformed; its worker leaves a reason, a worker before it has left a part. */
  async function failOne(): Promise<void> {
    stores.input.overwrite('b.parquet', file);
    const transform = makeTransform(stores, PROBES);
    for (const partition of await planned(stores, run)) {
      await transform({ ...run, pass: 0, partition }).catch((error) => {
        if (error.name !== 'InputChangedError') throw error;
      });
    }
    await stores.output.write(part(1), file);
    await makeReduce(stores)({ ...run, pass: 0, group: { group: 0, partitionStart: 0, partitionEnd: 3 } });
  }

  it.each([1, 2, '34%'])(
    'and are tolerated (%s) are named in a partial run, whose parts are those of the others',
    async (tolerated) => {
      await start('fit', tolerated);
      await failOne();
      const record = await commit();
      expect(record).toMatchObject({ status: 'partial', partitions: 3, failed_partitions: 1, rows: 100 });
      expect(record.failures).toEqual([
        {
          partition: 1,
          first_object: 'b.parquet',
          reason: 'b.parquet changed while the run was reading it; run again',
        },
      ]);
      const parts = Object.keys(await contentsOf(stores.output, 'data/'));
      expect(parts).toEqual([part(0), part(2)]);
      const metrics = await readParquetRows(await stores.output.read(outputKeys.metricsGroup(run, 0)));
      expect(metrics.map(({ partition }) => partition)).toEqual([0, 2]);
    },
  );

  it.each([0, '33%'])('and are not tolerated (%s) fail the run with the first reason', async (tolerated) => {
    await start('fit', tolerated);
    await failOne();
    await expect(commit()).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message:
        'at most 0 partitions may fail, 1 did; partition 1 (b.parquet): b.parquet changed while the run was reading it; run again',
    });
    expect(await stores.output.head(outputKeys.record(run))).toBeUndefined();
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { readMergedSummaries } from '../../../functions/merged-summaries.ts';
import { makeReduce } from '../../../functions/reduce/reduce.ts';
import { readJson } from '../../../functions/stage-io.ts';
import { type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { reducedGroupSchema } from '../../../shared/contract/reduced.ts';
import { encodeSummary } from '../../../shared/summary/summary-block.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { type MemoryStores, runUntil, storesOf } from '../../support/stage-run.ts';

const PARTITIONS = 14;
/** has a reason instead of a receipt */
const FAILED = 5;

let stores: MemoryStores;
let run: RunReference;
beforeAll(async () => {
  initialiseParquetWasm();
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < PARTITIONS; i++) {
    // many distinct values, nulls and NaN: the sums of bins, not a table of values, are what is merged
    const rows = 40 + 61 * i;
    const x = `case i % 9 when 0 then null when 1 then 'nan'::double else exp(hash(i + ${i}) % 5000 / 500.0) * ${i + 1} end`;
    files[`${String(i).padStart(2, '0')}.parquet`] = await parquetBytes(
      `select (${x})::double as x, (hash(i * ${i + 3}) % 600)::decimal(9, 2) as money from range(${rows}) t(i)`,
    );
  }
  stores = storesOf(files);
  run = await runUntil('transform', stores, { configuration: { partitionBytes: 1, maxComponents: 1 } });
  await stores.work.remove(workKeys.receipt(run, 0, FAILED));
  const failure = {
    partition: FAILED,
    pass: 0,
    firstObject: '05.parquet',
    name: 'UnreadableInputError',
    reason: 'why',
  };
  await stores.work.write(workKeys.failedPartition(run, 0, FAILED), Buffer.from(JSON.stringify(failure)));
});

/** What later stages see of all partitions where groups begin at `starts`. */
async function reducedIn(starts: readonly number[]) {
  const work = new MemoryStore();
  for await (const { key } of stores.work.list('')) work.overwrite(key, await stores.work.read(key));
  const reduce = makeReduce({ work });
  const all = { receipts: [] as unknown[], failures: [] as unknown[], metrics: [] as unknown[] };
  for (const [group, partitionStart] of starts.entries()) {
    const partitionEnd = starts[group + 1] ?? PARTITIONS;
    await reduce({ ...run, pass: 0, group: { group, partitionStart, partitionEnd } });
    const reduced = await readJson(work, workKeys.reduced(run, 0, group), reducedGroupSchema);
    all.receipts.push(...reduced.receipts);
    all.failures.push(...reduced.failures);
    all.metrics.push(...reduced.metrics);
  }
  const summaries = await readMergedSummaries(work, run, { pass: 0, reduceGroups: starts.length });
  const blocks = Array.from(summaries, ([name, summary]) => [
    name,
    Buffer.from(encodeSummary(summary)).toString('hex'),
  ]);
  return { ...all, summaries: blocks };
}

describe('what the audit and the commit see', () => {
  it('is the same in groups of 1, 3 or 100 partitions', async () => {
    const whole = await reducedIn([0]);
    const inOrder = Array.from({ length: PARTITIONS }, (_, i) => i).filter((i) => i !== FAILED);
    expect(whole.receipts).toMatchObject(inOrder.map((partition) => ({ partition })));
    expect(whole.failures).toMatchObject([{ partition: FAILED, reason: 'why' }]);
    expect(whole.metrics).toMatchObject(
      inOrder.flatMap((partition) => [
        { partition, column: 'x' },
        { partition, column: 'money' },
      ]),
    );
    for (const size of [1, 3, 100]) {
      const starts = Array.from({ length: Math.ceil(PARTITIONS / size) }, (_, group) => group * size);
      expect(await reducedIn(starts)).toEqual(whole);
    }
  });

  it('is the same in any groups', async () => {
    const whole = await reducedIn([0]);
    const cuts = fc.subarray(Array.from({ length: PARTITIONS - 1 }, (_, i) => i + 1));
    await fc.assert(
      fc.asyncProperty(cuts, async (starts) => {
        expect(await reducedIn([0, ...starts])).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });
});

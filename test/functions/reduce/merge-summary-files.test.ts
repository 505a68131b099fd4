import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { mergeSummaryFiles } from '../../../functions/reduce/merge-summary-files.ts';
import { StoredSummaries } from '../../../functions/stored-summaries.ts';
import { SummaryWriter } from '../../../functions/summary-writer.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';
import type { ColumnSummary } from '../../../shared/summary/column-summary.ts';
import { mergeSummaries } from '../../../shared/summary/merge-summaries.ts';
import { encodeSummary } from '../../../shared/summary/summary-block.ts';
import { SummaryBuilder } from '../../../shared/summary/summary-builder.ts';

type Summaries = Map<string, ColumnSummary>;

function summaryOf(values: Float64Array): ColumnSummary {
  const builder = new SummaryBuilder({ centre: 1, decimals: { floatBits: 64 } });
  builder.add(values, new Uint8Array(values.length).fill(1), 0);
  return builder.finish();
}

const keyOf = (file: number) => `part-${file}.bin`;

/** A store with a file for each, and what is asked of it from then on. */
async function storeOf(files: readonly Summaries[]) {
  const store = new MemoryStore();
  for (const [i, summaries] of files.entries()) {
    const writer = new SummaryWriter(store, keyOf(i));
    for (const [name, summary] of summaries) await writer.append(name, encodeSummary(summary));
    await writer.close();
  }
  const requests = { heads: 0, reads: [] as number[] };
  const head = store.head.bind(store);
  const read = store.read.bind(store);
  store.head = (key) => {
    requests.heads++;
    return head(key);
  };
  store.read = (key, range) => {
    if (range) requests.reads.push(range.end - range.start);
    return read(key, range);
  };
  return { store, requests };
}

async function merge(store: MemoryStore, files: number): Promise<void> {
  const writer = new SummaryWriter(store, 'merged.bin');
  const keys = Array.from({ length: files }, (_, i) => keyOf(i));
  await mergeSummaryFiles(store, keys, writer);
  await writer.close();
}

async function blocksIn(store: MemoryStore, key: string): Promise<[string, string][]> {
  const file = await StoredSummaries.open(store, key);
  return Array.from(await file.blocks(file.names), ([name, block]) => [name, Buffer.from(block).toString('base64')]);
}

const columns = fc
  .tuple(fc.integer({ min: 0, max: 2500 }), fc.constantFrom(1, 0.01, 1e9, 1e-300))
  .map(([length, step]) => summaryOf(Float64Array.from({ length }, (_, i) => ((i * 7919) % 2003) * step)));
const files = fc.array(fc.tuple(fc.option(columns, { nil: undefined }), columns, columns), { maxLength: 5 });

describe('mergeSummaryFiles', () => {
  it('gives column by column what merging them whole gives, also where a file lacks a column', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (parts) => {
        const summaries = parts.map(
          ([a, b, c]): Summaries => new Map([...(a ? [['a', a] as const] : []), ['b', b], ['c', c]]),
        );
        const { store } = await storeOf(summaries);
        await merge(store, parts.length);
        const whole: Summaries = new Map();
        for (const [name, summary] of summaries.flatMap((file) => [...file])) {
          const before = whole.get(name);
          whole.set(name, before ? mergeSummaries(before, summary) : summary);
        }
        const expected = Array.from(whole, ([name, summary]) => [
          name,
          Buffer.from(encodeSummary(summary)).toString('base64'),
        ]);
        expect(await blocksIn(store, 'merged.bin')).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('gives one file back as it is', async () => {
    const { store } = await storeOf([new Map([['x', summaryOf(Float64Array.from({ length: 5000 }, Math.sqrt))]])]);
    await merge(store, 1);
    expect(Buffer.compare(await store.read('merged.bin'), await store.read(keyOf(0)))).toBe(0);
  });

  it('reads small files with three requests each, others a run of columns at a time, as large as memory may be', async () => {
    const small = await storeOf(Array.from({ length: 7 }, () => new Map([['x', summaryOf(Float64Array.of(1, 2, 3))]])));
    await merge(small.store, 7);
    expect([small.requests.heads, small.requests.reads.length]).toEqual([7, 14]);

    // cells of so many rows that each of their numbers takes eight bytes
    let wide = summaryOf(Float64Array.from({ length: 40_000 }, (_, i) => 1 + 1.001 ** (i / 2 - 10_000)));
    for (let i = 0; i < 40; i++) wide = mergeSummaries(wide, wide);
    const length = encodeSummary(wide).length;
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
    const large = await storeOf(Array.from({ length: 4 }, () => new Map(names.map((name) => [name, wide]))));
    await merge(large.store, 4);
    const columnsInHand = Math.floor(LIMITS.reducedSummaryBytes / (4 * length));
    const runs = Math.ceil(12 / columnsInHand);
    expect(runs).toBeGreaterThan(1);
    expect(large.requests.heads).toBe(4);
    const blocks = large.requests.reads.filter((bytes) => bytes >= length);
    expect(blocks.length).toBe(4 * runs);
    expect(Math.max(...blocks)).toBe(columnsInHand * length);
    // and the index of each
    expect(large.requests.reads.length).toBe(4 * runs + 4);
  });
});

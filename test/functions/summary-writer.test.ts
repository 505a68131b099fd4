import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { StoredSummaries } from '../../functions/stored-summaries.ts';
import { SummaryWriter } from '../../functions/summary-writer.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { encodeSummaryIndex } from '../../shared/summary/summary-file.ts';

const KEY = 'a/summary.bin';
const block = (fill: number, length: number) => ({ name: `column ${fill}`, bytes: new Uint8Array(length).fill(fill) });
/** One file is put whole, the other is more than is held. */
const FILES = {
  small: [block(1, 10), block(2, 0), block(3, 70_000)],
  large: [block(1, 3_000_000), block(2, 5), ...Array.from({ length: 4 }, (_, i) => block(3 + i, 2_000_000))],
};

async function write(store: MemoryStore, blocks: readonly { name: string; bytes: Uint8Array }[]): Promise<void> {
  const writer = new SummaryWriter(store, KEY);
  for (const { name, bytes } of blocks) {
    const buffer = bytes.slice();
    await writer.append(name, buffer);
    // its memory may be used again
    buffer.fill(255);
  }
  await writer.close();
}

describe('a summary file that is written block by block', () => {
  it.each(['small', 'large'] as const)('is what it is in one piece: %s', async (size) => {
    const store = new MemoryStore();
    await write(store, FILES[size]);
    const index = encodeSummaryIndex(FILES[size].map(({ name, bytes }) => ({ name, length: bytes.length })));
    const whole = Buffer.concat([...FILES[size].map(({ bytes }) => bytes), index]);
    expect(Buffer.compare(await store.read(KEY), whole)).toBe(0);
  });

  it.each(['small', 'large'] as const)(
    'is found again by a retry, which must write the same bytes: %s',
    async (size) => {
      const store = new MemoryStore();
      await write(store, FILES[size]);
      const before = await store.head(KEY);
      await write(store, FILES[size]);
      expect(await store.head(KEY)).toEqual(before);
      await expect(write(store, [...FILES[size].slice(0, -1), block(99, 70_000)])).rejects.toThrow(
        `a retry must write the same bytes, ${KEY} holds others`,
      );
      expect(await store.head(KEY)).toEqual(before);
    },
  );

  it('is not there before it is closed, and never once it is given up', async () => {
    const store = new MemoryStore();
    const writer = new SummaryWriter(store, KEY);
    for (const { name, bytes } of FILES.large) await writer.append(name, bytes);
    expect(await store.head(KEY)).toBeUndefined();
    await writer.abort();
    await expect(writer.close()).rejects.toThrow('must be open');
    expect(await store.head(KEY)).toBeUndefined();
  });

  it('is not held where it is large', async () => {
    const store = new MemoryStore();
    let streamed = 0;
    const openWrite = store.openWrite.bind(store);
    store.openWrite = async (key) => {
      const writer = await openWrite(key);
      const write = async (bytes: Uint8Array) => {
        streamed += bytes.length;
        await writer.write(bytes);
      };
      return { ...writer, write };
    };
    const writer = new SummaryWriter(store, KEY);
    let written = 0;
    for (const { name, bytes } of FILES.large) {
      await writer.append(name, bytes);
      written += bytes.length;
      expect(written - streamed).toBeLessThan(LIMITS.uploadPartBytes);
    }
    expect(streamed).toBe(written);
  });
});

describe('StoredSummaries', () => {
  it('reads the blocks of neighbours in one request', async () => {
    const store = new MemoryStore();
    await write(store, FILES.large);
    const file = await StoredSummaries.open(store, KEY);
    expect(file.names).toEqual(FILES.large.map(({ name }) => name));
    expect(file.lengthOf('column 2')).toBe(5);
    expect(file.lengthOf('nobody')).toBe(0);
    const ranges: unknown[] = [];
    const read = store.read.bind(store);
    store.read = (key, range) => {
      ranges.push([range?.start, range?.end]);
      return read(key, range);
    };
    const blocks = await file.blocks(['column 2', 'nobody', 'column 3']);
    expect([...blocks.keys()]).toEqual(['column 2', 'column 3']);
    for (const { name, bytes } of FILES.large.slice(1, 3)) expect(Buffer.compare(blocks.get(name)!, bytes)).toBe(0);
    expect(ranges).toEqual([[3_000_000, 5_000_005]]);
    expect(await file.blocks(['nobody'])).toEqual(new Map());
  });

  it('finds an index that is longer than is read at first', async () => {
    const store = new MemoryStore();
    const blocks = Array.from({ length: 3000 }, (_, i) => ({
      name: `a name of some length ${i}`,
      bytes: Uint8Array.of(i),
    }));
    await write(store, blocks);
    const file = await StoredSummaries.open(store, KEY);
    expect(file.names).toEqual(blocks.map(({ name }) => name));
    expect(await file.blocks([blocks[77].name])).toEqual(new Map([[blocks[77].name, blocks[77].bytes]]));
  });

  it('says what is missing', async () => {
    await expect(StoredSummaries.open(new MemoryStore(), KEY)).rejects.toMatchObject({
      name: 'IncompleteRunError',
      message: `${KEY} must have been written by an earlier stage, it is not there`,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { type Fetch, ReadAhead } from '../../functions/read-ahead.ts';
import { ReadBuffers } from '../../functions/read-buffers.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { ObjectStore, ReadRange } from '../../shared/store/object-store.ts';

const MB = 1_000_000;

/** A store of one object whose reads end when they are told to. */
function slowStore() {
  const waiting: { range: ReadRange; answer: () => void; fail: (error: Error) => void }[] = [];
  const read = (_: string, range: ReadRange) =>
    new Promise<Uint8Array>((resolve, reject) => {
      // the first byte says where it was read
      const bytes = new Uint8Array(range.end - range.start);
      bytes[0] = range.start / MB;
      waiting.push({ range, answer: () => resolve(bytes), fail: reject });
    });
  return { waiting, store: { read } as unknown as ObjectStore };
}

const fetchesOf = (...sizes: number[]): Fetch[] => {
  let at = 0;
  return sizes.map((size) => {
    const start = at;
    at += size * MB;
    return { key: 'a', etag: 'e', start, end: at };
  });
};

describe('ReadAhead', () => {
  it('reads as far ahead as the budget goes, and goes on when bytes are let go of', async () => {
    const { store, waiting } = slowStore();
    const fetches = fetchesOf(...Array.from({ length: 20 }, () => 8));
    const reader = new ReadAhead(store, fetches);
    const first = reader.whole('a', { start: 0, end: 8 * MB });
    const ahead = Math.floor(LIMITS.readAheadBytes / (8 * MB));
    expect(ahead).toBeGreaterThan(1);
    expect(waiting.length).toBe(1 + ahead);
    for (const { answer } of waiting) answer();
    expect((await first)[0]).toBe(0);
    const third = reader.whole('a', { start: 16 * MB, end: 24 * MB });
    expect(waiting.length).toBe(3 + ahead);
    expect((await third)[0]).toBe(16);
    expect(reader.bytesRead).toBe((3 + ahead) * 8 * MB);
  });

  it('however small they are, has no more than so many requests ahead', () => {
    const { store, waiting } = slowStore();
    const reader = new ReadAhead(store, fetchesOf(...Array.from({ length: 100 }, () => 0.01)));
    reader.whole('a', { start: 0, end: 0.01 * MB });
    expect(waiting.length).toBe(1 + LIMITS.readAheadRequests);
  });

  it('leaves a request beyond the budget until it is its turn', () => {
    const { store, waiting } = slowStore();
    const reader = new ReadAhead(store, fetchesOf(2, 40, 2, 2));
    reader.whole('a', { start: 0, end: MB });
    expect(waiting.length).toBe(1);
    reader.whole('a', { start: 2 * MB, end: 42 * MB });
    expect(waiting.map(({ range }) => range.start / MB)).toEqual([0, 2, 42, 44]);
  });

  it('a read that fails ahead of its turn fails then, and not before', async () => {
    const { store, waiting } = slowStore();
    const reader = new ReadAhead(store, fetchesOf(8, 8));
    const first = reader.whole('a', { start: 0, end: 8 * MB });
    waiting[1].fail(new Error('broken'));
    waiting[0].answer();
    await expect(first).resolves.toHaveLength(8 * MB);
    await expect(reader.whole('a', { start: 8 * MB, end: 9 * MB })).rejects.toThrow('broken');
  });

  it('gives a chunk of several requests piece by piece, and parts of one request again', async () => {
    const { store, waiting } = slowStore();
    const reader = new ReadAhead(store, fetchesOf(8, 8, 3));
    const pieces = reader.pieces('a', { start: 0, end: 19 * MB });
    const first = pieces.next();
    for (const { answer } of waiting) answer();
    const rest = [(await first).value, (await pieces.next()).value, (await pieces.next()).value];
    expect(rest.map((piece) => [piece[0], piece.length / MB])).toEqual([
      [0, 8],
      [8, 8],
      [16, 3],
    ]);
    expect((await reader.whole('a', { start: 17 * MB, end: 18 * MB })).length).toBe(MB);
  });

  it('reads into the memory of what was let go of, and into no other', async () => {
    const { store, waiting } = slowStore();
    const buffers = new ReadBuffers();
    const reader = new ReadAhead(store, fetchesOf(8, 8, 8, 8, 8, 8), buffers);
    const inUse = () => waiting.map(({ range }) => range.into!);
    const first = reader.whole('a', { start: 0, end: 8 * MB });
    waiting[0].answer();
    await first;
    const three = inUse();
    expect(new Set(three).size).toBe(3);
    // the second is passed over before it has arrived: it may still be read into
    const third = reader.whole('a', { start: 16 * MB, end: 24 * MB });
    expect(inUse()[3]).toBe(three[0]);
    expect(three).not.toContain(inUse()[4]);
    waiting[2].answer();
    await third;
    reader.finish();
    expect(buffers.take(8 * MB)).toBe(three[2]);
  });

  it('what was not planned is a defect', async () => {
    const { store } = slowStore();
    const reader = new ReadAhead(store, fetchesOf(8));
    await expect(reader.whole('a', { start: 8 * MB, end: 9 * MB })).rejects.toThrow('in the order of the requests');
  });
});

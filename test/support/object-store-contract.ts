import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputChangedError } from '../../shared/contract/errors.ts';
import { compareKeys } from '../../shared/contract/names.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';

/** A store under test, and what a test needs beside the port. */
export interface StoreFixture {
  store: ObjectStore;
  /** Replace an object, as somebody else may do behind a run's back. */
  overwrite(key: string, bytes: Uint8Array): Promise<void>;
  /** Everything that takes up room: objects, and what unfinished writers left. */
  everything(): Promise<string[]>;
  close?(): Promise<void>;
}

const text = (value: string) => new TextEncoder().encode(value);
const MEGABYTE = 1 << 20;

/** Byte i of a test object: no two pieces of it are alike. */
export function patterned(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, state = seed; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** What every ObjectStore promises; run by the tests of each implementation. */
export function describeObjectStore(name: string, open: () => Promise<StoreFixture>): void {
  describe(`${name} as an object store`, () => {
    let fixture: StoreFixture;
    let store: ObjectStore;
    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });
    afterEach(() => fixture.close?.());

    it('gives back the bytes, size and etag that were written', async () => {
      const written = await store.write('a/b.bin', text('hello'));
      const head = await store.head('a/b.bin');
      expect(written).toEqual({ status: 'written', etag: head?.etag });
      expect(head).toEqual({ key: 'a/b.bin', etag: expect.any(String), sizeBytes: 5 });
      expect(Buffer.from(await store.read('a/b.bin')).toString()).toBe('hello');
    });

    it('knows nothing of a key that was never written', async () => {
      expect(await store.head('nothing')).toBeUndefined();
      expect(await keysOf(store)).toEqual([]);
      await expect(store.read('nothing')).rejects.toThrow(InputChangedError);
      await expect(store.read('nothing')).rejects.toThrow('nothing is gone since it was listed; run again');
      await expect(store.read('nothing', { start: 0, end: 0 })).rejects.toThrow(InputChangedError);
    });

    it('gives the same etag by write, head and list', async () => {
      const byWrite = await store.write('k', text('x'));
      const byHead = await store.head('k');
      const byList = [];
      for await (const head of store.list('')) byList.push(head);
      expect(byList).toEqual([byHead]);
      expect(byWrite).toEqual({ status: 'written', etag: byHead?.etag });
    });

    it('reads any range, and only that', async () => {
      const bytes = patterned(1000);
      await store.write('k', bytes);
      const ranges = fc
        .tuple(fc.nat(1000), fc.nat(1000))
        .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
      await fc.assert(
        fc.asyncProperty(ranges, async (range) => {
          expect(Buffer.compare(await store.read('k', range), bytes.subarray(range.start, range.end))).toBe(0);
        }),
        { numRuns: 30 },
      );
    });

    it('refuses a range beyond the end instead of answering fewer bytes', async () => {
      await store.write('k', text('12345'));
      await expect(store.read('k', { start: 3, end: 6 })).rejects.toThrow(
        'range of k must end within its 5 bytes, got end 6',
      );
      await expect(store.read('k', { start: 5, end: 9 })).rejects.toThrow(RangeError);
      await expect(store.read('k', { start: 9, end: 9 })).rejects.toThrow(RangeError);
      await expect(store.read('k', { start: 2, end: 1 })).rejects.toThrow(RangeError);
      await expect(store.read('k', { start: -1, end: 1 })).rejects.toThrow(RangeError);
    });

    it('reads the same bytes with memory to read into, longer, as long or too short', async () => {
      const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
      await store.write('k', bytes);
      for (const length of [2000, 700, 699, 0]) {
        const into = new Uint8Array(length);
        const read = await store.read('k', { start: 100, end: 800, into });
        expect(Buffer.compare(read, bytes.subarray(100, 800))).toBe(0);
      }
    });

    it('reads the pinned version, and an object that was replaced is an error naming it', async () => {
      await store.write('in/x.parquet', text('old'));
      const etag = (await store.head('in/x.parquet'))?.etag;
      expect(Buffer.from(await store.read('in/x.parquet', { start: 0, end: 3, etag })).toString()).toBe('old');
      await fixture.overwrite('in/x.parquet', text('newer'));
      for (const end of [0, 3, 5]) {
        const read = store.read('in/x.parquet', { start: 0, end, etag });
        await expect(read).rejects.toThrow(InputChangedError);
        await expect(read).rejects.toThrow('in/x.parquet changed while the run was reading it; run again');
      }
      expect((await store.head('in/x.parquet'))?.etag).not.toBe(etag);
    });

    it('keeps the first bytes of a key, whoever writes after', async () => {
      await store.write('k', text('first'));
      expect(await store.write('k', text('second'))).toEqual({ status: 'exists' });
      const writer = await store.openWrite('k');
      await writer.write(text('third'));
      expect(await writer.close()).toEqual({ status: 'exists' });
      expect(Buffer.from(await store.read('k')).toString()).toBe('first');
      expect(await fixture.everything()).toEqual(['k']);
    });

    it('lets exactly one of several concurrent writers win, and keeps its bytes whole', async () => {
      const contents = [1, 2, 3, 4, 5, 6].map((seed) => patterned(seed % 2 ? 100_000 : 9 * MEGABYTE, seed));
      const outcomes = await Promise.all(
        contents.map(async (bytes, i) => {
          if (i % 3 === 0) return store.write('contended', bytes);
          const writer = await store.openWrite('contended');
          await writer.write(bytes);
          return writer.close();
        }),
      );
      const winners = outcomes.flatMap(({ status }, i) => (status === 'written' ? [i] : []));
      expect(winners).toHaveLength(1);
      expect(Buffer.compare(await store.read('contended'), contents[winners[0]])).toBe(0);
      expect(await fixture.everything()).toEqual(['contended']);
    });

    it('shows nothing of an object before it is closed, nor ever of one that is aborted', async () => {
      const writer = await store.openWrite('big');
      await writer.write(patterned(10 * MEGABYTE));
      expect(await keysOf(store)).toEqual([]);
      expect(await store.head('big')).toBeUndefined();
      await writer.abort();
      await writer.abort();
      expect(await fixture.everything()).toEqual([]);
      await expect(writer.write(text('more'))).rejects.toThrow('the writer of');
      await expect(writer.close()).rejects.toThrow('must be open');
      expect(await store.write('big', text('free'))).toMatchObject({ status: 'written' });
    });

    it('joins 20 MB of odd pieces without a gap, from one buffer that is used again', async () => {
      const bytes = patterned(20 * MEGABYTE + 7);
      const writer = await store.openWrite('odd');
      const buffer = new Uint8Array(9 * MEGABYTE);
      const sizes = [1, 4095, 3 * MEGABYTE + 1, 0, 8 * MEGABYTE, 17, 9 * MEGABYTE, 65_537];
      for (let at = 0, i = 0; at < bytes.byteLength; i++) {
        const piece = bytes.subarray(at, at + sizes[i % sizes.length]);
        buffer.set(piece);
        await writer.write(buffer.subarray(0, piece.byteLength));
        buffer.fill(0xee);
        at += piece.byteLength;
      }
      const outcome = await writer.close();
      expect(outcome).toEqual({ status: 'written', etag: (await store.head('odd'))?.etag });
      expect(Buffer.compare(await store.read('odd'), bytes)).toBe(0);
      const tail = await store.read('odd', { start: bytes.byteLength - 3, end: bytes.byteLength });
      expect(Buffer.compare(tail, bytes.subarray(-3))).toBe(0);
    });

    it('holds empty objects', async () => {
      expect(await store.write('empty', new Uint8Array(0))).toMatchObject({ status: 'written' });
      const writer = await store.openWrite('empty-too');
      expect(await writer.close()).toMatchObject({ status: 'written' });
      expect(await store.head('empty')).toMatchObject({ sizeBytes: 0 });
      expect((await store.read('empty-too')).byteLength).toBe(0);
      expect((await store.read('empty', { start: 0, end: 0 })).byteLength).toBe(0);
      expect(await store.write('empty', text('x'))).toEqual({ status: 'exists' });
    });

    it('lists by UTF-8 bytes of the whole key, which is neither the order of folders nor of UTF-16', async () => {
      const keys = [
        'a/x',
        'a.parquet',
        'a-b',
        'a0',
        'a/b/c',
        'a/b.d',
        'Z',
        'é',
        '\uff5e',
        '\u{1f600}',
        'z',
        'a b',
        'a%20b',
        'q\'u"o',
      ];
      for (const key of keys) await store.write(key, text(key));
      const listed = await keysOf(store);
      expect(listed).toEqual([...keys].sort(compareKeys));
      expect(listed.indexOf('\uff5e')).toBeLessThan(listed.indexOf('\u{1f600}'));
      for (const key of listed) expect(Buffer.from(await store.read(key)).toString()).toBe(key);
    });

    it('lists exactly the keys that start with a prefix, wherever it ends', async () => {
      const keys = ['d/a/1', 'd/a/2', 'd/ab/1', 'd/b', 'da', 'e/d/a'];
      for (const key of keys) await store.write(key, text(key));
      for (const prefix of ['', 'd', 'd/', 'd/a', 'd/a/', 'd/a/1', 'd/a/1/', 'x', 'd/x/y', 'e/']) {
        expect(await keysOf(store, prefix)).toEqual(keys.filter((key) => key.startsWith(prefix)).sort(compareKeys));
      }
    });

    it('lists more keys than one page holds, each once', async () => {
      const keys = Array.from({ length: 25 }, (_, i) => `many/part-${String(i).padStart(5, '0')}`);
      await Promise.all(keys.map((key) => store.write(key, text(key))));
      expect(await keysOf(store, 'many/')).toEqual(keys);
    });

    it('removes an object, frees its key, and does not mind that there is none', async () => {
      await store.write('d/k', text('x'));
      await store.remove('d/k');
      await store.remove('d/k');
      await store.remove('never/was');
      expect(await store.head('d/k')).toBeUndefined();
      expect(await store.write('d/k', text('y'))).toMatchObject({ status: 'written' });
    });

    it('refuses keys that leave the root or mean different things in different stores', async () => {
      for (const key of ['../x', 'a/../../x', '/etc/x', 'a//b', 'a/./b', '', 'a/', 'a\0b']) {
        await expect(store.write(key, text('x'))).rejects.toThrow(RangeError);
        await expect(store.openWrite(key)).rejects.toThrow(RangeError);
        await expect(store.read(key)).rejects.toThrow(RangeError);
        await expect(store.head(key)).rejects.toThrow(RangeError);
        await expect(store.remove(key)).rejects.toThrow(RangeError);
      }
      for (const prefix of ['../', '/', 'a/../', 'a\0'])
        await expect(keysOf(store, prefix)).rejects.toThrow(RangeError);
      expect(await fixture.everything()).toEqual([]);
    });
  });
}

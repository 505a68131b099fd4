import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { FooterCache } from '../../functions/footer-cache.ts';
import type { ReadRange } from '../../shared/store/object-store.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';

class CountingStore extends MemoryStore {
  reads = 0;
  override read(key: string, range?: ReadRange): Promise<Uint8Array> {
    this.reads++;
    return super.read(key, range);
  }
}

async function storeOf(...keys: string[]) {
  const store = new CountingStore();
  const bytes = await parquetBytes('select i * 0.5 as x from range(10) t(i)');
  for (const key of keys) await store.write(key, bytes);
  const source = async (key: string) => (await store.head(key))!;
  return { store, source };
}

describe('FooterCache', () => {
  it('fetches the footer of one object once, however often and however much at once it is asked for', async () => {
    const { store, source } = await storeOf('a');
    const footers = new FooterCache(store);
    const [first, second] = await Promise.all([footers.of(await source('a')), footers.of(await source('a'))]);
    expect(await footers.of(await source('a'))).toBe(first);
    expect(second).toBe(first);
    expect(store.reads).toBe(1);
    expect(footers.bytesRead).toBe(first.footerBytes);
  });

  it('keeps one footer only, and never that of another version', async () => {
    const { store, source } = await storeOf('a', 'b');
    const footers = new FooterCache(store);
    const before = await source('a');
    for (const key of ['a', 'b', 'a']) await footers.of(await source(key));
    expect(store.reads).toBe(3);
    store.overwrite('a', await store.read('b'));
    await expect(footers.of({ ...before, etag: 'another' })).rejects.toThrow('a');
  });

  it('tries again after a failure', async () => {
    const { store, source } = await storeOf('a');
    const footers = new FooterCache(store);
    const head = await source('a');
    await expect(footers.of({ ...head, etag: 'another' })).rejects.toThrow();
    expect((await footers.of(head)).rows).toBe(10);
  });
});

import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { describeObjectStore, keysOf } from '../../support/object-store-contract.ts';

describeObjectStore('MemoryStore', async () => {
  const store = new MemoryStore();
  return {
    store,
    overwrite: async (key, bytes) => void store.overwrite(key, bytes),
    everything: () => keysOf(store),
  };
});

describe('MemoryStore', () => {
  it('shares no bytes with its callers', async () => {
    const store = new MemoryStore();
    const bytes = Uint8Array.of(1, 2, 3);
    await store.write('k', bytes);
    bytes.fill(9);
    const read = await store.read('k');
    expect([...read]).toEqual([1, 2, 3]);
    read.fill(9);
    expect([...(await store.read('k'))]).toEqual([1, 2, 3]);
  });
});

import type { Eraser, StoredVersion } from '../../shared/store/eraser.ts';
import { walkFiles } from './local-listing.ts';
import { LocalStore } from './local-store.ts';
import { requirePrefix } from './store-key.ts';

/**
 * Erases objects of a folder, which keeps no versions. What killed writers left is no object: the caller sweeps it away
 * (`sweepTemporaries`), under the run lock.
 */
export class LocalEraser implements Eraser {
  readonly #root: string;
  readonly #store: LocalStore;

  constructor(rootFolder: string) {
    this.#root = rootFolder;
    this.#store = new LocalStore(rootFolder);
  }

  async *versions(prefix: string): AsyncIterable<StoredVersion> {
    requirePrefix(prefix);
    for await (const { key, stats } of walkFiles(this.#root, prefix)) {
      yield { key, sizeBytes: Number(stats.size), modified: Number(stats.mtimeMs) };
    }
  }

  async removeEveryVersion(prefix: string): Promise<void> {
    for (;;) {
      const keys: string[] = [];
      for await (const { key } of this.#store.list(prefix)) keys.push(key);
      if (keys.length === 0) return;
      for (const key of keys) await this.#store.remove(key);
    }
  }
}

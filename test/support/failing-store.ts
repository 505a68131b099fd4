import type { ObjectStore, ObjectWriter } from '../../shared/store/object-store.ts';

export class Crash extends Error {}

/** Counts writes and removals over the stores that share it, and crashes at one of them. */
export class CrashPoint {
  readonly #at: number;
  readonly #when: 'before' | 'after';
  #changes = 0;

  /** @param at from 1; where there is no such change, nothing happens */
  constructor(at: number, when: 'before' | 'after') {
    this.#at = at;
    this.#when = when;
  }

  /** Whether the moment has come. */
  get hasCrashed(): boolean {
    return this.#changes >= this.#at;
  }

  async around<T>(key: string, change: () => Promise<T>): Promise<T> {
    if (this.hasCrashed) throw new Crash(`${key}: the process is dead`);
    this.#changes++;
    if (this.hasCrashed && this.#when === 'before') throw new Crash(`before ${key}`);
    const outcome = await change();
    if (this.hasCrashed) throw new Crash(`after ${key}`);
    return outcome;
  }
}

/** A store whose user dies before or after the n-th change of it: from then on it refuses every change. */
export function crashingStore(store: ObjectStore, point: CrashPoint): ObjectStore {
  return {
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    read: (key, range) => store.read(key, range),
    write: (key, bytes) => point.around(key, () => store.write(key, bytes)),
    remove: (key) => point.around(key, () => store.remove(key)),
    openWrite: async (key): Promise<ObjectWriter> => {
      const writer = await store.openWrite(key);
      return { ...writer, close: () => point.around(key, () => writer.close()) };
    },
  };
}

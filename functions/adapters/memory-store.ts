import { InputChangedError } from '../../shared/contract/errors.ts';
import { compareKeys } from '../../shared/contract/names.ts';
import type { Eraser, StoredVersion } from '../../shared/store/eraser.ts';
import type {
  ObjectHead,
  ObjectStore,
  ObjectWriter,
  ReadRange,
  WriteOutcome,
} from '../../shared/store/object-store.ts';
import { beyondEnd, changedMessage, goneMessage, requireKey, requirePrefix, requireRange } from './store-key.ts';

interface StoredObject {
  bytes: Uint8Array;
  etag: string;
  modified: number;
}

export interface MemoryStoreOptions {
  /** keep what is overwritten or removed, as a bucket with versioning does */
  versioned?: boolean;
  /** ms since 1970 */
  now?: () => number;
}

/** Objects in memory. Bytes are copied on the way in and out, so that no caller can change what another one reads. */
export class MemoryStore implements ObjectStore, Eraser {
  readonly #objects = new Map<string, StoredObject>();
  readonly #past: StoredVersion[] = [];
  readonly #isVersioned: boolean;
  readonly #now: () => number;
  #versions = 0;

  constructor({ versioned = false, now = () => 0 }: MemoryStoreOptions = {}) {
    this.#isVersioned = versioned;
    this.#now = now;
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    requireKey(key);
    const object = this.#objects.get(key);
    return object && { key, etag: object.etag, sizeBytes: object.bytes.byteLength };
  }

  async *list(prefix: string): AsyncIterable<ObjectHead> {
    requirePrefix(prefix);
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
    for (const key of keys) {
      const head = await this.head(key);
      if (head) yield head;
    }
  }

  async read(key: string, range?: ReadRange): Promise<Uint8Array> {
    requireKey(key);
    if (range) requireRange(key, range);
    const object = this.#objects.get(key);
    if (!object) throw new InputChangedError(goneMessage(key));
    const { bytes, etag } = object;
    if (range?.etag !== undefined && range.etag !== etag) throw new InputChangedError(changedMessage(key));
    if (range && range.end > bytes.byteLength) throw beyondEnd(key, range.end, bytes.byteLength);
    return bytes.slice(range?.start, range?.end);
  }

  async write(key: string, bytes: Uint8Array): Promise<WriteOutcome> {
    requireKey(key);
    if (this.#objects.has(key)) return { status: 'exists' };
    return { status: 'written', etag: this.overwrite(key, bytes) };
  }

  async openWrite(key: string): Promise<ObjectWriter> {
    requireKey(key);
    let pieces: Uint8Array[] | undefined = [];
    const take = () => {
      if (!pieces) throw new Error(`the writer of ${key} must be open`);
      return pieces;
    };
    return {
      write: async (bytes) => {
        take().push(Uint8Array.from(bytes));
      },
      close: async () => {
        const whole = Buffer.concat(take());
        pieces = undefined;
        return this.write(key, whole);
      },
      abort: async () => {
        pieces = undefined;
      },
    };
  }

  async remove(key: string): Promise<void> {
    requireKey(key);
    this.#keep(key);
    this.#objects.delete(key);
    if (this.#isVersioned) this.#past.push({ key, sizeBytes: 0, modified: this.#now() });
  }

  async *versions(prefix: string): AsyncIterable<StoredVersion> {
    requirePrefix(prefix);
    yield* this.#past.filter(({ key }) => key.startsWith(prefix));
    for (const [key, { bytes, modified }] of this.#objects) {
      if (key.startsWith(prefix)) yield { key, sizeBytes: bytes.byteLength, modified };
    }
  }

  async removeEveryVersion(prefix: string): Promise<void> {
    requirePrefix(prefix);
    const kept = this.#past.filter(({ key }) => !key.startsWith(prefix));
    this.#past.splice(0, this.#past.length, ...kept);
    for (const key of [...this.#objects.keys()]) if (key.startsWith(prefix)) this.#objects.delete(key);
  }

  /**
   * Replace an object, as somebody else may do behind a run's back. Not part of the port.
   *
   * @returns the new ETag
   */
  overwrite(key: string, bytes: Uint8Array): string {
    const etag = `v${++this.#versions}`;
    this.#keep(key);
    this.#objects.set(key, { bytes: Uint8Array.from(bytes), etag, modified: this.#now() });
    return etag;
  }

  #keep(key: string): void {
    const object = this.#objects.get(key);
    if (!object || !this.#isVersioned) return;
    this.#past.push({ key, sizeBytes: object.bytes.byteLength, modified: object.modified });
  }
}

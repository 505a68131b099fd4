import { createHash } from 'node:crypto';
import { InputChangedError } from '../shared/contract/errors.ts';
import { LIMITS } from '../shared/contract/limits.ts';
import type { ObjectStore, ObjectWriter } from '../shared/store/object-store.ts';

/** A large object on its way to a store, counted and hashed as it is written: a retry must write the same bytes. */
export class ReproducibleWriter {
  readonly #store: ObjectStore;
  readonly #key: string;
  readonly #writer: ObjectWriter;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #sha256 = '';

  private constructor(store: ObjectStore, key: string, writer: ObjectWriter) {
    this.#store = store;
    this.#key = key;
    this.#writer = writer;
  }

  static async open(store: ObjectStore, key: string): Promise<ReproducibleWriter> {
    return new ReproducibleWriter(store, key, await store.openWrite(key));
  }

  /** Append bytes; the caller may reuse the buffer once the promise settles. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    await this.#writer.write(bytes);
  }

  /**
   * Make the object visible; one that is there already must be this one.
   *
   * @returns its ETag
   * @throws {Error} if the key holds other bytes: a defect, never to be overwritten
   */
  async close(): Promise<string> {
    this.#sha256 = this.#hash.digest('hex');
    const outcome = await this.#writer.close();
    return outcome.status === 'written' ? outcome.etag : this.#requireSame();
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** hex; known once closed */
  get sha256(): string {
    return this.#sha256;
  }

  async #requireSame(): Promise<string> {
    const head = await this.#store.head(this.#key);
    if (!head)
      throw new InputChangedError(`${this.#key} was there and is gone: do not change the output of a run under way`);
    const stored = createHash('sha256');
    for (let start = 0; start < head.sizeBytes; start += LIMITS.fetchBytes) {
      const end = Math.min(start + LIMITS.fetchBytes, head.sizeBytes);
      stored.update(await this.#store.read(this.#key, { start, end, etag: head.etag }));
    }
    if (stored.digest('hex') !== this.#sha256)
      throw new Error(`a retry must write the same bytes, ${this.#key} holds others`);
    return head.etag;
  }
}

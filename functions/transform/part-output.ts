import { createHash } from 'node:crypto';
import type { ObjectWriter, WriteOutcome } from '../../shared/store/object-store.ts';

/** The data part on its way to the store: counted and hashed as it is written. */
export class PartOutput {
  readonly #writer: ObjectWriter;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;
  #sha256 = '';

  constructor(writer: ObjectWriter) {
    this.#writer = writer;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    await this.#writer.write(bytes);
  }

  async close(): Promise<WriteOutcome> {
    this.#sha256 = this.#hash.digest('hex');
    return this.#writer.close();
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
}

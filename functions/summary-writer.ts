import { LIMITS } from '../shared/contract/limits.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import { encodeSummaryIndex, type SummaryBlock } from '../shared/summary/summary-file.ts';
import { ReproducibleWriter } from './reproducible-writer.ts';
import { writeReproducible } from './stage-io.ts';

/**
 * Writes a summary file column by column: what is written is not held, but for a small file, which is put whole. A
 * retry must write the same bytes; nothing is visible before `close`.
 */
export class SummaryWriter {
  readonly #store: ObjectStore;
  readonly #key: string;
  readonly #blocks: SummaryBlock[] = [];
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #writer: ReproducibleWriter | undefined;

  constructor(store: ObjectStore, key: string) {
    this.#store = store;
    this.#key = key;
  }

  /** @param block its summary as encodeSummary gives it; its memory may be used again once the promise settles */
  async append(name: string, block: Uint8Array): Promise<void> {
    this.#blocks.push({ name, length: block.length });
    await this.#write(block);
  }

  /** @throws {Error} if the key holds other bytes: a defect, never to be overwritten */
  async close(): Promise<void> {
    await this.#write(encodeSummaryIndex(this.#blocks));
    if (this.#writer) await this.#writer.close();
    else await writeReproducible(this.#store, this.#key, Buffer.concat(this.#held));
  }

  async abort(): Promise<void> {
    await this.#writer?.abort();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#writer) return this.#writer.write(bytes);
    this.#held.push(bytes.slice());
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < LIMITS.uploadPartBytes) return;
    this.#writer = await ReproducibleWriter.open(this.#store, this.#key);
    for (const piece of this.#held) await this.#writer.write(piece);
    this.#held = [];
  }
}

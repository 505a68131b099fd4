import { LIMITS } from '../../shared/contract/limits.ts';
import type { InputObject } from '../../shared/contract/stages.ts';
import type { ColumnChunk, RowGroup } from '../../shared/parquet/footer-types.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';

/** Fetches the column chunks of one row group, pinned to the version that was listed. */
export class RowGroupReader {
  readonly key: string;
  readonly #store: ObjectStore;
  readonly #etag: string;
  readonly #start: number;
  readonly #end: number;
  #whole: Promise<Uint8Array> | undefined;
  #bytesRead = 0;

  constructor(store: ObjectStore, { key, etag }: InputObject, { chunks }: RowGroup) {
    this.#store = store;
    this.key = key;
    this.#etag = etag;
    this.#start = chunks.reduce((start, chunk) => Math.min(start, chunk.start), Number.POSITIVE_INFINITY);
    this.#end = chunks.reduce((end, chunk) => Math.max(end, chunk.end), 0);
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** All bytes of a chunk. */
  async whole({ start, end }: ColumnChunk): Promise<Uint8Array> {
    if (this.#end - this.#start > LIMITS.fetchBytes) return this.#fetch(start, end);
    this.#whole ??= this.#fetch(this.#start, this.#end);
    return (await this.#whole).subarray(start - this.#start, end - this.#start);
  }

  /** The bytes of a chunk, piece by piece. */
  async *pieces(chunk: ColumnChunk): AsyncGenerator<Uint8Array> {
    if (this.#end - this.#start <= LIMITS.fetchBytes) {
      yield await this.whole(chunk);
      return;
    }
    for (let start = chunk.start; start < chunk.end; start += LIMITS.fetchBytes) {
      yield await this.#fetch(start, Math.min(start + LIMITS.fetchBytes, chunk.end));
    }
  }

  #fetch(start: number, end: number): Promise<Uint8Array> {
    this.#bytesRead += end - start;
    return this.#store.read(this.key, { start, end, etag: this.#etag });
  }
}

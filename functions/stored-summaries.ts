import { IncompleteRunError } from '../shared/contract/errors.ts';
import type { ObjectHead, ObjectStore } from '../shared/store/object-store.ts';
import { readSummaryIndex, type SummaryIndexEntry, summaryIndexStart } from '../shared/summary/summary-file.ts';

/** The index of two thousand columns; one that is longer is read again. */
const TAIL_BYTES = 1 << 16;

/** The next blocks may take a little more memory than these. */
const SPARE = 1.25;

/** A summary file in a store: its index, and the blocks of the columns that are asked for. */
export class StoredSummaries {
  readonly #store: ObjectStore;
  readonly #head: ObjectHead;
  readonly #entries: ReadonlyMap<string, SummaryIndexEntry>;
  #memory = new Uint8Array(0);

  private constructor(store: ObjectStore, head: ObjectHead, entries: readonly SummaryIndexEntry[]) {
    this.#store = store;
    this.#head = head;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  /**
   * Two requests.
   *
   * @throws {IncompleteRunError} if it is not there
   */
  static async open(store: ObjectStore, key: string): Promise<StoredSummaries> {
    const head = await store.head(key);
    if (!head) throw new IncompleteRunError(`${key} must have been written by an earlier stage, it is not there`);
    const { sizeBytes, etag } = head;
    const read = (start: number) => store.read(key, { start: Math.max(0, start), end: sizeBytes, etag });
    let tail = await read(sizeBytes - TAIL_BYTES);
    const start = summaryIndexStart(tail, sizeBytes);
    if (start < sizeBytes - tail.length) tail = await read(start);
    return new StoredSummaries(store, head, readSummaryIndex(tail, sizeBytes));
  }

  /** in the file's order */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** Bytes of a column's block; 0 where the file has none. */
  lengthOf(name: string): number {
    const entry = this.#entries.get(name);
    return entry ? entry.end - entry.start : 0;
  }

  /**
   * The blocks of some columns, neighbours in the table: one request, from the first to the last.
   *
   * @returns those that the file has, until others are asked for: in the same memory
   */
  async blocks(names: readonly string[]): Promise<Map<string, Uint8Array>> {
    const wanted = names.map((name) => this.#entries.get(name)).filter((entry) => entry !== undefined);
    if (wanted.length === 0) return new Map();
    const from = Math.min(...wanted.map(({ start }) => start));
    const to = Math.max(...wanted.map(({ end }) => end));
    if (this.#memory.length < to - from) this.#memory = new Uint8Array(Math.ceil((to - from) * SPARE));
    const { key, etag } = this.#head;
    const bytes = await this.#store.read(key, { start: from, end: to, etag, into: this.#memory });
    return new Map(wanted.map(({ name, start, end }) => [name, bytes.subarray(start - from, end - from)]));
  }
}

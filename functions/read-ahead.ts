import { LIMITS } from '../shared/contract/limits.ts';
import type { ByteRange } from '../shared/parquet/chunk-reads.ts';
import type { ObjectStore, ReadRange } from '../shared/store/object-store.ts';
import { ReadBuffers } from './read-buffers.ts';

/** One request for bytes of one object. */
export interface Fetch extends ByteRange {
  /** in the store */
  key: string;
  /** the version that was listed */
  etag: string;
}

interface Started extends Fetch {
  bytes: Promise<Uint8Array>;
  buffer: Uint8Array;
  /** whether the bytes have arrived */
  isThere: boolean;
}

/**
 * Fetches what a stage needs in the order in which it is needed, and ahead of it: while one column is worked on,
 * the bytes of the next are on their way. What is ahead never exceeds {@link LIMITS.readAheadBytes} and
 * {@link LIMITS.readAheadRequests}; a larger request starts when it is its turn. Bytes hold until later ones are asked
 * for: their memory is used again.
 */
export class ReadAhead {
  readonly #store: ObjectStore;
  readonly #fetches: Iterator<Fetch>;
  readonly #buffers: ReadBuffers;
  readonly #ahead: Started[] = [];
  #next: Fetch | undefined;
  #head: Started | undefined;
  #aheadBytes = 0;
  #bytesRead = 0;

  /** @param fetches in the order in which their bytes are asked for */
  constructor(store: ObjectStore, fetches: Iterable<Fetch>, buffers = new ReadBuffers()) {
    this.#store = store;
    this.#buffers = buffers;
    this.#fetches = fetches[Symbol.iterator]();
    this.#next = this.#fetches.next().value;
  }

  /** bytes of the requests made so far */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Bytes that lie within one request. */
  async whole(key: string, { start, end }: ByteRange): Promise<Uint8Array> {
    const head = this.#advanceTo(key, start, end);
    return (await head.bytes).subarray(start - head.start, end - head.start);
  }

  /** Bytes, request by request. */
  async *pieces(key: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; ) {
      const head = this.#advanceTo(key, at, at + 1);
      const until = Math.min(end, head.end);
      yield (await head.bytes).subarray(at - head.start, until - head.start);
      at = until;
    }
  }

  /** The last bytes have served. */
  finish(): void {
    // into the memory of a read under way goes nothing else
    if (this.#head?.isThere) this.#buffers.give(this.#head.buffer);
    this.#head = undefined;
  }

  /** Let go of all requests before the one that holds these bytes. */
  #advanceTo(key: string, start: number, end: number): Started {
    while (!this.#head || this.#head.key !== key || start < this.#head.start || end > this.#head.end) {
      this.finish();
      const started = this.#ahead.shift();
      if (started) this.#aheadBytes -= started.end - started.start;
      this.#head = started ?? this.#start();
    }
    while (
      this.#next &&
      this.#ahead.length < LIMITS.readAheadRequests &&
      this.#aheadBytes + this.#next.end - this.#next.start <= LIMITS.readAheadBytes
    ) {
      const started = this.#start();
      this.#aheadBytes += started.end - started.start;
      this.#ahead.push(started);
    }
    return this.#head;
  }

  #start(): Started {
    const fetch = this.#next;
    if (!fetch) throw new Error('bytes must be asked for in the order of the requests');
    this.#next = this.#fetches.next().value;
    const buffer = this.#buffers.take(fetch.end - fetch.start);
    const range: ReadRange = { start: fetch.start, end: fetch.end, etag: fetch.etag, into: buffer };
    const bytes = this.#store.read(fetch.key, range);
    const started = { ...fetch, bytes, buffer, isThere: false };
    bytes.then(
      () => {
        started.isThere = true;
      },
      // whoever waits for it hears of a failure; after another failure nobody does
      () => undefined,
    );
    this.#bytesRead += fetch.end - fetch.start;
    return started;
  }
}

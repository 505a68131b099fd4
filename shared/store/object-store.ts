/** What a listing or a HEAD says of one object. */
export interface ObjectHead {
  /** `/`-separated, NFC, relative to the store's root */
  key: string;
  /** changes whenever the bytes may have changed; opaque */
  etag: string;
  sizeBytes: number;
}

/** Half-open byte range of one version of an object. */
export interface ReadRange {
  start: number;
  /** exclusive */
  end: number;
  /** the version to read; another one is an InputChangedError */
  etag?: string;
  /** memory that may be filled instead of fresh, where it is long enough; the bytes are then a view of it */
  into?: Uint8Array;
}

/** `exists`: the key was there already and keeps its bytes. */
export type WriteOutcome = { status: 'written'; etag: string } | { status: 'exists' };

/** An object being written piece by piece; nothing is visible before `close`. */
export interface ObjectWriter {
  /** Append bytes; the caller may reuse the buffer once the promise settles. */
  write(bytes: Uint8Array): Promise<void>;
  /** Make the object visible, whole, if and only if its key is free (`If-None-Match: *`). */
  close(): Promise<WriteOutcome>;
  /** Give up: nothing was and nothing will be visible. Safe to call after a failed write or close. */
  abort(): Promise<void>;
}

/**
 * The port to S3, to a local folder, to memory: immutable objects under keys.
 *
 * Every write is conditional on the key being free, so a retry or a late worker can never replace what a reader may
 * already have seen. Implementations translate foreign errors: StoreUnavailableError (try again),
 * StoreRefusedError (for good), InputChangedError (a pinned read met another version, or none).
 */
export interface ObjectStore {
  /** The object's head, or undefined where there is none. */
  head(key: string): Promise<ObjectHead | undefined>;
  /** Every object whose key starts with `prefix`, sorted by the UTF-8 bytes of the key. */
  list(prefix: string): AsyncIterable<ObjectHead>;
  /** The bytes of the object, whole or a range of it; fewer bytes than asked for is an error, never a short answer. */
  read(key: string, range?: ReadRange): Promise<Uint8Array>;
  /** Write a small object whole, if its key is free. */
  write(key: string, bytes: Uint8Array): Promise<WriteOutcome>;
  /** Start a large object. */
  openWrite(key: string): Promise<ObjectWriter>;
  /** Remove an object; removing what is not there is fine. Only for superseded passes and erasure. */
  remove(key: string): Promise<void>;
}

/** The three buckets (or folders) a stage works on. */
export interface Stores {
  /** read only for us */
  input: ObjectStore;
  work: ObjectStore;
  output: ObjectStore;
}

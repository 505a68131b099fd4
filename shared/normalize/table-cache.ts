/** Bytes of tables that a thread keeps: those of a hundred columns, not of fifteen hundred. */
const MOST_BYTES = 32 << 20;

interface Kept<T> {
  value: T;
  bytes: number;
}

/** Keeps what can be made again, and forgets what was asked for longest ago where it is too much. */
export class TableCache<T> {
  readonly #mostBytes: number;
  readonly #sizeOf: (value: T) => number;
  /** the one asked for last is the last */
  readonly #kept = new Map<object, Kept<T>>();
  #bytes = 0;

  constructor(sizeOf: (value: T) => number, mostBytes = MOST_BYTES) {
    this.#sizeOf = sizeOf;
    this.#mostBytes = mostBytes;
  }

  /** What belongs to the key; it is made where it is not there, or not any more. */
  get(key: object, make: () => T): T {
    const found = this.#kept.get(key);
    const kept = found ?? this.#make(make);
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    if (!found) this.#forget();
    return kept.value;
  }

  #make(make: () => T): Kept<T> {
    const value = make();
    const bytes = this.#sizeOf(value);
    this.#bytes += bytes;
    return { value, bytes };
  }

  #forget(): void {
    for (const [key, { bytes }] of this.#kept) {
      if (this.#bytes <= this.#mostBytes || this.#kept.size === 1) return;
      this.#kept.delete(key);
      this.#bytes -= bytes;
    }
  }
}

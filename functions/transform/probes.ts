/** What the stage may know of the world: time and memory are passed in. */
export interface TransformProbes {
  /** seconds of a clock that never goes back */
  now: () => number;
  peakMemoryBytes: () => number;
  /** called after each row group with its rows */
  onRows?: (rows: number) => void;
}

/** Adds up the seconds of each kind of work. */
export class Stopwatch {
  readonly seconds = { read: 0, transform: 0, write: 0 };
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async time<T>(what: keyof Stopwatch['seconds'], action: () => Promise<T>): Promise<T> {
    const start = this.#now();
    try {
      return await action();
    } finally {
      this.seconds[what] += this.#now() - start;
    }
  }

  timeSync<T>(what: keyof Stopwatch['seconds'], action: () => T): T {
    const start = this.#now();
    const result = action();
    this.seconds[what] += this.#now() - start;
    return result;
  }
}

import { LIMITS } from '../shared/contract/limits.ts';

/** What is kept for later reads: what is read ahead, and as much in hand. */
const KEPT_BYTES = 2 * LIMITS.readAheadBytes;
/** Requests of about the same length fit each other's buffers. */
const STEP_BYTES = 1 << 18;

/** Memory for reads, used again: to touch fresh memory costs more than to read into it. */
export class ReadBuffers {
  /** by falling time since they were given back */
  readonly #free: Uint8Array[] = [];
  #freeBytes = 0;

  /** At least so many bytes, whatever they held before. */
  take(length: number): Uint8Array {
    const fitting = this.#free.filter((buffer) => buffer.length >= length);
    if (fitting.length === 0) return new Uint8Array(Math.ceil(length / STEP_BYTES) * STEP_BYTES);
    const smallest = fitting.reduce((best, buffer) => (buffer.length < best.length ? buffer : best));
    this.#remove(smallest);
    return smallest;
  }

  /** Nobody looks at it any more. */
  give(buffer: Uint8Array): void {
    this.#free.push(buffer);
    this.#freeBytes += buffer.length;
    while (this.#freeBytes > KEPT_BYTES) this.#remove(this.#free[0]);
  }

  #remove(buffer: Uint8Array): void {
    this.#free.splice(this.#free.indexOf(buffer), 1);
    this.#freeBytes -= buffer.length;
  }
}

import type { ColumnValues } from '../shared/parquet/column-values.ts';
import { PageMemory } from '../shared/parquet/write/page-memory.ts';
import { ReadBuffers } from './read-buffers.ts';

/** Rows beyond this get memory of their own: 18 MB are kept, not what the largest row group took. */
const KEPT_ROWS = 1 << 21;

/** Memory for one column chunk's values, used again for the next: to touch it first costs more than to fill it. */
export class ValueBuffers {
  /** for the bytes that the values come from */
  readonly reads = new ReadBuffers();
  #values = new Float64Array(0);
  #valid = new Uint8Array(0);

  /** Arrays of at least so many rows, whatever they held before. */
  of(rows: number): Pick<ColumnValues, 'values' | 'valid'> {
    if (rows > KEPT_ROWS) return { values: new Float64Array(rows), valid: new Uint8Array(rows) };
    if (rows > this.#valid.length) {
      this.#values = new Float64Array(rows);
      this.#valid = new Uint8Array(rows);
    }
    return { values: this.#values, valid: this.#valid };
  }

  /** The same memory for the pages of what was made of the values; they have served then. */
  pageMemory(): PageMemory {
    return new PageMemory(new Uint8Array(this.#values.buffer));
  }
}

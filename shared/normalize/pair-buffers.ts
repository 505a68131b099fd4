import type { Pairs } from './pairs.ts';

/** Rows beyond this get memory of their own: 18 MB are kept, not what the largest row group took. */
const KEPT_ROWS = 1 << 21;

/** Memory for one row group's pairs, used again for the next: to touch it first costs more than to fill it. */
export class PairBuffers {
  #float32 = new Float32Array(0);
  #float64 = new Float64Array(0);
  #components = new Int8Array(0);

  /** Arrays of so many rows, whatever they held before. */
  of(rows: number, precision: 'float32' | 'float64'): Pick<Pairs, 'normalized' | 'components'> {
    if (rows > KEPT_ROWS) return freshPairs(rows, precision);
    if (this.#components.length < rows) this.#components = new Int8Array(rows);
    const components = this.#components.subarray(0, rows);
    if (precision === 'float64') {
      if (this.#float64.length < rows) this.#float64 = new Float64Array(rows);
      return { normalized: this.#float64.subarray(0, rows), components };
    }
    if (this.#float32.length < rows) this.#float32 = new Float32Array(rows);
    return { normalized: this.#float32.subarray(0, rows), components };
  }
}

/** Memory that is nobody else's. */
export const freshPairs = (rows: number, precision: 'float32' | 'float64') => ({
  normalized: precision === 'float64' ? new Float64Array(rows) : new Float32Array(rows),
  components: new Int8Array(rows),
});

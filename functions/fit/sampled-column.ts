import type { LeafColumn, TopLevelColumn } from '../../shared/parquet/footer-types.ts';

/** The sampled values of one column, with the weights of the row groups they came from. */
export class SampledColumn {
  readonly column: TopLevelColumn;
  readonly leaf: LeafColumn;
  /** rows looked at, and how many of them were null or not finite */
  rows = 0;
  nulls = 0;
  nonFinite = 0;
  #values = new Float64Array(1 << 12);
  #length = 0;
  /** runs of values of one weight, in the order of the values */
  readonly #runs: { length: number; weight: number }[] = [];
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;

  constructor(column: TopLevelColumn, leaf: LeafColumn) {
    this.column = column;
    this.leaf = leaf;
  }

  /** Add every `step`-th row from `offset` on, each standing for `weight` rows. */
  add(
    values: Float64Array,
    valid: Uint8Array,
    { offset, step, weight }: { offset: number; step: number; weight: number },
  ): void {
    const rows = Math.max(0, Math.ceil((valid.length - offset) / step));
    this.#reserve(rows);
    const sampled = this.#values;
    let length = this.#length;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    let nulls = 0;
    for (let row = offset; row < valid.length; row += step) {
      const x = values[row];
      if (valid[row] === 0) nulls++;
      else if (Number.isFinite(x)) {
        sampled[length++] = x;
        if (x < minimum) minimum = x;
        if (x > maximum) maximum = x;
      }
    }
    const added = length - this.#length;
    this.#length = length;
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.rows += rows;
    this.nulls += nulls;
    this.nonFinite += rows - nulls - added;
    this.#runs.push({ length: added, weight });
  }

  /** The finite values beyond the range of all values added so far. */
  outsideOf(values: Float64Array, valid: Uint8Array): Float64Array {
    const outside: number[] = [];
    const minimum = this.#minimum;
    const maximum = this.#maximum;
    for (let row = 0; row < valid.length; row++) {
      const x = values[row];
      if ((x < minimum || x > maximum) && valid[row] === 1 && Number.isFinite(x)) outside.push(x);
    }
    return Float64Array.from(outside);
  }

  /** Add those of some finite values that are beyond the range of all values added before, each standing for itself. */
  addOutside(values: Float64Array): void {
    const beyond = values.filter((x) => x < this.#minimum || x > this.#maximum);
    this.#reserve(beyond.length);
    this.#values.set(beyond, this.#length);
    this.#length += beyond.length;
    this.#runs.push({ length: beyond.length, weight: 1 });
    for (const x of beyond) {
      this.#minimum = Math.min(this.#minimum, x);
      this.#maximum = Math.max(this.#maximum, x);
    }
  }

  /** Finite values, in the order read. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /**
   * Weights of the values, scaled so that they sum to their number: what a sample can tell grows with its rows, not
   * with the rows they stand for. Null where all weigh the same.
   */
  get weights(): Float64Array | null {
    const runs = this.#runs.filter(({ length }) => length > 0);
    if (runs.every(({ weight }) => weight === runs[0].weight)) return null;
    const total = runs.reduce((sum, { length, weight }) => sum + length * weight, 0);
    const weights = new Float64Array(this.#length);
    let at = 0;
    for (const { length, weight } of runs) {
      weights.fill((weight * this.#length) / total, at, at + length);
      at += length;
    }
    return weights;
  }

  get minimum(): number | null {
    return this.#length > 0 ? this.#minimum : null;
  }

  get maximum(): number | null {
    return this.#length > 0 ? this.#maximum : null;
  }

  /** Room for so many values more. */
  #reserve(more: number): void {
    if (this.#length + more <= this.#values.length) return;
    const grown = new Float64Array(Math.max(this.#length + more, 2 * this.#values.length));
    grown.set(this.values);
    this.#values = grown;
  }
}

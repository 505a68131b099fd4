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
    const before = this.#length;
    for (let row = offset; row < valid.length; row += step) {
      this.rows++;
      if (valid[row] === 0) this.nulls++;
      else if (!Number.isFinite(values[row])) this.nonFinite++;
      else this.#push(values[row]);
    }
    this.#runs.push({ length: this.#length - before, weight });
  }

  /** Add the values beyond the range of all values added before, each standing for itself. */
  addOutside(values: Float64Array, valid: Uint8Array): void {
    const before = this.#length;
    const [minimum, maximum] = [this.#minimum, this.#maximum];
    for (let row = 0; row < valid.length; row++) {
      const x = values[row];
      if (valid[row] === 1 && Number.isFinite(x) && (x < minimum || x > maximum)) this.#push(x);
    }
    this.#runs.push({ length: this.#length - before, weight: 1 });
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

  #push(x: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(2 * this.#values.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = x;
    if (x < this.#minimum) this.#minimum = x;
    if (x > this.#maximum) this.#maximum = x;
  }
}

/** Distinct values are kept as themselves up to this many; summaries of codes and ages are then exact. */
export const MOST_DISTINCT = 1024;

/** Four slots a value keep the probes short. */
const SLOTS = 4 * MOST_DISTINCT;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Counts distinct finite values, at most {@link MOST_DISTINCT} of them. */
export class DistinctValues {
  readonly #slots = new Float64Array(SLOTS);
  readonly #counts = new Float64Array(SLOTS);
  #size = 0;

  /**
   * Count a value (-0 as 0).
   *
   * @returns false, and counts nothing, if it would be one distinct value too many
   */
  add(x: number, count = 1): boolean {
    const value = x + 0;
    let slot = slotOf(value);
    while (this.#counts[slot] > 0 && this.#slots[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (this.#counts[slot] === 0) {
      if (this.#size === MOST_DISTINCT) return false;
      this.#size++;
      this.#slots[slot] = value;
    }
    this.#counts[slot] += count;
    return true;
  }

  /**
   * Count values, up to the first that is one distinct value too many.
   *
   * @param values finite, never -0
   * @param end how many of them
   * @returns the index it stopped at, or `end`
   */
  addAll(values: Float64Array, end: number): number {
    const slots = this.#slots;
    const counts = this.#counts;
    for (let i = 0; i < end; i++) {
      const x = values[i];
      const slot = slotOf(x);
      // most values are found at once
      if (counts[slot] > 0 && slots[slot] === x) counts[slot]++;
      else if (!this.add(x)) return i;
    }
    return end;
  }

  /** Values in ascending order, with their counts. */
  finish(): { values: Float64Array; counts: Float64Array } {
    const order = Array.from(this.#counts.keys()).filter((slot) => this.#counts[slot] > 0);
    order.sort((a, b) => this.#slots[a] - this.#slots[b]);
    return {
      values: Float64Array.from(order, (slot) => this.#slots[slot]),
      counts: Float64Array.from(order, (slot) => this.#counts[slot]),
    };
  }
}

/** Where the search for a value begins: the top 12 bits of a hash, as there are 2^12 slots. */
function slotOf(x: number): number {
  double[0] = x;
  return Math.imul(words[0] ^ Math.imul(words[1], 0x85ebca6b), 0x9e3779b1) >>> 20;
}

/** Distinct values are kept as themselves up to this many; summaries of codes and ages are then exact. */
export const MOST_DISTINCT = 1024;

/** Four slots a value keep the probes short. */
const SLOTS_A_VALUE = 4;
const FIRST_SLOT_BITS = 6;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Counts distinct finite values, at most {@link MOST_DISTINCT} of them; memory grows with them. */
export class DistinctValues {
  #slots = new Float64Array(1 << FIRST_SLOT_BITS);
  #counts = new Float64Array(1 << FIRST_SLOT_BITS);
  /** a hash without so many of its low bits is a slot */
  #shift = 32 - FIRST_SLOT_BITS;
  #size = 0;

  /**
   * Count a value (-0 as 0).
   *
   * @returns false, and counts nothing, if it would be one distinct value too many
   */
  add(x: number, count = 1): boolean {
    const value = x + 0;
    let slot = this.#find(value);
    if (this.#counts[slot] === 0) {
      if (this.#size === MOST_DISTINCT) return false;
      if (++this.#size * SLOTS_A_VALUE > this.#slots.length) {
        this.#grow();
        slot = this.#find(value);
      }
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
    let [slots, counts, shift] = [this.#slots, this.#counts, this.#shift];
    for (let i = 0; i < end; i++) {
      const x = values[i];
      const slot = hashOf(x) >>> shift;
      // most values are found at once
      if (counts[slot] > 0 && slots[slot] === x) {
        counts[slot]++;
        continue;
      }
      if (!this.add(x)) return i;
      [slots, counts, shift] = [this.#slots, this.#counts, this.#shift];
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

  /** The value's slot, or the free one where it belongs. */
  #find(value: number): number {
    const last = this.#slots.length - 1;
    let slot = hashOf(value) >>> this.#shift;
    while (this.#counts[slot] > 0 && this.#slots[slot] !== value) slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const [slots, counts] = [this.#slots, this.#counts];
    this.#slots = new Float64Array(2 * slots.length);
    this.#counts = new Float64Array(2 * slots.length);
    this.#shift--;
    for (let i = 0; i < slots.length; i++) {
      if (counts[i] === 0) continue;
      const slot = this.#find(slots[i]);
      this.#slots[slot] = slots[i];
      this.#counts[slot] = counts[i];
    }
  }
}

function hashOf(x: number): number {
  double[0] = x;
  return Math.imul(words[0] ^ Math.imul(words[1], 0x85ebca6b), 0x9e3779b1);
}

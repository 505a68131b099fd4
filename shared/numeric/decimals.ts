import { rint } from './rint.ts';

const MOST = 9;
const POWERS = Array.from({ length: MOST + 1 }, (_, digits) => 10 ** digits);
/** Significant decimal digits that every double, and every float, holds. */
const SIGNIFICANT = { 64: 15, 32: 6 } as const;

/**
 * Tracks how many digits after the point reproduce every value added so far: the smallest d in 0..9 with
 * rint(x 10^d) / 10^d = x in the column's own type.
 *
 * A value that d digits reproduce, d + 1 reproduce too (up to the digits its type holds), so the answer depends on the
 * set of values only; the current d is tried first, which is all the work for most columns.
 */
export class DecimalsTracker {
  readonly #isFloat: boolean;
  /** from here on d digits are more than the type holds: they are refused at the end, whatever is said here */
  readonly #most: number;
  #digits = 0;

  /** @param bits of the column's floating point type */
  constructor(bits: 32 | 64) {
    this.#isFloat = bits === 32;
    this.#most = 10 ** SIGNIFICANT[bits];
  }

  /** Take a finite value into account. */
  add(x: number): void {
    while (this.#digits <= MOST && !this.#reproduces(x)) this.#digits++;
  }

  /**
   * Take finite values into account.
   *
   * @param count how many of them
   */
  addAll(values: Float64Array, count: number): void {
    for (let i = 0; i < count && this.#digits <= MOST; i++) this.add(values[i]);
  }

  /** 0..9, or null where no number of digits does. */
  get decimals(): number | null {
    return this.#digits <= MOST ? this.#digits : null;
  }

  #reproduces(x: number): boolean {
    const power = POWERS[this.#digits];
    const scaled = x * power;
    if (Math.abs(scaled) >= this.#most) return true;
    const y = rint(scaled) / power;
    return (this.#isFloat ? Math.fround(y) : y) === x;
  }
}

/**
 * Decimals of a column as the model states them: those of its values, unless together with the digits before the
 * point they are more than its type holds.
 *
 * @param decimals as tracked
 * @param largest the largest |x|
 */
export function boundedDecimals(decimals: number | null, largest: number, bits: 32 | 64): number | null {
  if (decimals === null) return null;
  let integerDigits = 0;
  for (let power = 1; largest >= power && integerDigits <= SIGNIFICANT[bits]; power *= 10) integerDigits++;
  return decimals + integerDigits <= SIGNIFICANT[bits] ? decimals : null;
}

/** Decimals of a non-empty set of finite values. */
export function decimalsOf(values: Float64Array, bits: 32 | 64): number | null {
  const tracker = new DecimalsTracker(bits);
  let largest = 0;
  for (const x of values) {
    tracker.add(x);
    if (tracker.decimals === null) return null;
    largest = Math.max(largest, Math.abs(x));
  }
  return boundedDecimals(tracker.decimals, largest, bits);
}

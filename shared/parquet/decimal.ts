/** Powers of ten up to this one are exact doubles. */
const MAX_EXACT_POWER = 22;

/** significant bits of a double */
const DOUBLE_BITS = 53;

/** A magnitude of up to 128 bits: `limbs[0]` is the lowest 32. */
export type Limbs = Uint32Array;

/**
 * Divides integers by one power of ten and rounds once: the nearest double, ties to even.
 *
 * Up to 2^53 dividend and divisor are exact doubles and one division does it. Beyond, quotient and remainder are kept
 * as two doubles, good to 2^-100; only where the rounding could go either way within that is the text of the number
 * parsed, which is always right and twenty times slower.
 *
 * @see Dekker (1971), A floating-point technique for extending the available precision
 */
export class DecimalScale {
  readonly #scale: number;
  readonly #power: number;
  readonly #powerHigh: number;
  readonly #powerLow: number;
  /** values that no double holds exactly, so far */
  inexact = 0;

  /** @param scale digits after the point, >= 0 */
  constructor(scale: number) {
    this.#scale = scale;
    this.#power = scale <= MAX_EXACT_POWER ? Number(`1e${scale}`) : Number.NaN;
    this.#powerHigh = highHalf(this.#power);
    this.#powerLow = this.#power - this.#powerHigh;
  }

  /** @param unscaled an integer of magnitude <= 2^53 */
  ofSmall(unscaled: number): number {
    return this.#scale <= MAX_EXACT_POWER ? unscaled / this.#power : Number(`${unscaled}e-${this.#scale}`);
  }

  /** An integer of up to 128 bits; counted where no double holds it. */
  ofLimbs(isNegative: boolean, limbs: Limbs): number {
    // the sum of the limbs as `high + low`, exactly, or to 2^-105 beyond 106 bits
    const top = limbs[3] * 2 ** 96;
    const second = limbs[2] * 2 ** 64;
    const third = limbs[1] * 2 ** 32;
    const fourth = limbs[0];
    const a = top + second;
    const b = a + third;
    const c = b + fourth;
    const rest = lostBy(a, top, second) + lostBy(b, a, third) + lostBy(c, b, fourth);
    const high = c + rest;
    const low = rest - (high - c);
    if (significantBits(limbs) > DOUBLE_BITS) this.inexact++;
    const quotient = this.#divide(high, low);
    const value = Number.isNaN(quotient) ? this.#parse(limbs) : quotient;
    return isNegative ? -value : value;
  }

  /** An integer of any size; counted where no double holds it. */
  ofBigInt(unscaled: bigint): number {
    if (BigInt(Number(unscaled)) !== unscaled) this.inexact++;
    return Number(`${unscaled}e-${this.#scale}`);
  }

  /** The nearest double of (high + low) / power, or NaN where 2^-95 more or less would change it. */
  #divide(high: number, low: number): number {
    const quotient = high / this.#power;
    const product = quotient * this.#power;
    const quotientHigh = highHalf(quotient);
    const quotientLow = quotient - quotientHigh;
    const productLow =
      quotientHigh * this.#powerHigh -
      product +
      quotientHigh * this.#powerLow +
      quotientLow * this.#powerHigh +
      quotientLow * this.#powerLow;
    const correction = (high - product - productLow + low) / this.#power;
    const doubt = quotient * 2 ** -95;
    const value = quotient + (correction - doubt);
    return value === quotient + (correction + doubt) ? value : Number.NaN;
  }

  #parse(limbs: Limbs): number {
    const unscaled = limbs.reduceRight((sum, limb) => (sum << 32n) | BigInt(limb), 0n);
    return Number(`${unscaled}e-${this.#scale}`);
  }
}

/** From the highest set bit to the lowest. */
function significantBits(limbs: Limbs): number {
  let top = limbs.length - 1;
  while (top > 0 && limbs[top] === 0) top--;
  let bottom = 0;
  while (bottom < top && limbs[bottom] === 0) bottom++;
  const highest = 32 * top + 31 - Math.clz32(limbs[top]);
  const lowest = 32 * bottom + 31 - Math.clz32(limbs[bottom] & -limbs[bottom]);
  return highest - lowest + 1;
}

/** What rounding took from `a + b` when it gave `sum`; |a| >= |b| or a = 0. */
function lostBy(sum: number, a: number, b: number): number {
  return a === 0 ? 0 : b - (sum - a);
}

/** The upper 26 bits of a double's mantissa, so that products of halves are exact. */
function highHalf(x: number): number {
  const shifted = 134217729 * x;
  return shifted - (shifted - x);
}

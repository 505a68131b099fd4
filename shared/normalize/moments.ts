import { binaryExponent, powerOfTwo } from '../numeric/power-of-two.ts';

/** Differences between 2^-200 and 2^200 need no unit: neither they nor their squares leave the doubles. */
export const PLAIN_EXPONENT = 200;

/** Sums over a block's values x: of x - first, and of its square. */
export interface BlockSums {
  differences: number;
  squares: number;
}

/**
 * Mean and variance of values that arrive in blocks.
 *
 * Everything is a difference from the first value, so a mean far from 0 rounds nothing away, in units of a power of two
 * near the largest difference, so squares neither overflow nor vanish. Within a block sums are taken about
 * its first value, so data that drift cancel nothing away; blocks are joined by their means.
 *
 * @see Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance
 */
export class Moments {
  #count = 0;
  #origin = 0;
  /** of the unit; none before two values differ */
  #exponent = Number.NEGATIVE_INFINITY;
  #mean = 0;
  #squares = 0;

  /**
   * Join a block.
   *
   * @param values finite, at least 1
   * @param minimum of these and all values before
   * @param maximum of these and all values before
   * @param sums of the values, where they are known
   */
  addBlock(values: Float64Array, minimum: number, maximum: number, sums?: BlockSums): void {
    const count = values.length;
    if (this.#count === 0) this.#origin = values[0];
    const total = this.#count + count;
    if (minimum < maximum) {
      this.#widen(binaryExponent(Math.max(maximum - this.#origin, this.#origin - minimum)));
      const perUnit = powerOfTwo(-this.#exponent);
      const { differences, squares } =
        Math.abs(this.#exponent) <= PLAIN_EXPONENT
          ? inUnit(sums ?? sumsOf(values, 1), perUnit)
          : sumsOf(values, perUnit);
      const mean = values[0] * perUnit - this.#origin * perUnit + differences / count;
      const aboutMean = Math.max(0, squares - (differences / count) * differences);
      const difference = mean - this.#mean;
      this.#mean += difference * (count / total);
      this.#squares += aboutMean + difference * difference * this.#count * (count / total);
    }
    this.#count = total;
  }

  get mean(): number {
    if (this.#mean === 0) return this.#origin;
    const mean = (this.#origin * powerOfTwo(-this.#exponent) + this.#mean) * powerOfTwo(this.#exponent);
    return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, mean));
  }

  /** of the population */
  get standardDeviation(): number {
    if (this.#squares === 0) return 0;
    return Math.min(Number.MAX_VALUE, Math.sqrt(this.#squares / this.#count) * powerOfTwo(this.#exponent));
  }

  /** Go over to a larger unit, where one is needed. */
  #widen(exponent: number): void {
    if (exponent <= this.#exponent) return;
    const factor = powerOfTwo(this.#exponent - exponent);
    this.#mean *= factor;
    this.#squares *= factor * factor;
    this.#exponent = exponent;
  }
}

function sumsOf(values: Float64Array, perUnit: number): BlockSums {
  const first = values[0] * perUnit;
  let differences = 0;
  let squares = 0;
  for (let i = 1; i < values.length; i++) {
    const difference = values[i] * perUnit - first;
    differences += difference;
    squares += difference * difference;
  }
  return { differences, squares };
}

const inUnit = ({ differences, squares }: BlockSums, perUnit: number): BlockSums => ({
  differences: differences * perUnit,
  squares: squares * (perUnit * perUnit),
});

import { CompensatedSum } from './compensated-sum.ts';
import { powerOfTwo } from './power-of-two.ts';

/**
 * A compensated running sum of numbers x * 2^exponent: neither they nor the sum have to be doubles. The unit is the
 * largest exponent so far; since it is a power of two, a sum that needs no unit has the same bits with one.
 *
 * @see Blue (1978), A portable Fortran program to find the Euclidean norm of a vector
 */
export class ScaledSum {
  readonly #sum = new CompensatedSum();
  #exponent = Number.NEGATIVE_INFINITY;

  /**
   * @param x of a magnitude that doubles can sum up
   * @param exponent integer
   */
  add(x: number, exponent: number): void {
    if (x === 0) return;
    if (exponent > this.#exponent) {
      this.#sum.scale(powerOfTwo(this.#exponent - exponent));
      this.#exponent = exponent;
    }
    this.#sum.add(x * powerOfTwo(exponent - this.#exponent));
  }

  /** The sum divided by a number that makes it a double; beyond the largest one, that. */
  mean(divisor: number): number {
    return inUnit(this.#sum.value / divisor, this.#exponent);
  }

  /** The square root of the mean; the exponents of all terms must have been even. */
  rootOfMean(divisor: number): number {
    return inUnit(Math.sqrt(this.#sum.value / divisor), this.#exponent / 2);
  }
}

/** An empty sum has no unit, and is 0. */
const inUnit = (x: number, exponent: number) => (x === 0 ? x : Math.min(Number.MAX_VALUE, x * powerOfTwo(exponent)));

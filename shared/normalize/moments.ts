/**
 * Mean and variance of values that arrive in blocks.
 *
 * Within a block sums are taken about the block's first value, so neither a mean far from 0 nor data that drift can
 * cancel the variance away; blocks are joined by their means.
 *
 * @see Chan, Golub and LeVeque (1983), Algorithms for computing the sample variance
 */
export class Moments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  /**
   * Join a block.
   *
   * @param count its values, at least 1
   * @param origin one of them
   * @param sum of their differences from the origin
   * @param sumOfSquares of these differences
   */
  addBlock(count: number, origin: number, sum: number, sumOfSquares: number): void {
    const blockMean = origin + sum / count;
    const squares = Math.max(0, sumOfSquares - (sum / count) * sum);
    const total = this.#count + count;
    const difference = blockMean - this.#mean;
    if (this.#count === 0) {
      this.#mean = blockMean;
      this.#squares = squares;
    } else {
      this.#mean += difference * (count / total);
      this.#squares += squares + difference * difference * this.#count * (count / total);
    }
    this.#count = total;
  }

  get mean(): number {
    return this.#mean;
  }

  /** of the population */
  get standardDeviation(): number {
    return Math.sqrt(this.#squares / this.#count);
  }
}

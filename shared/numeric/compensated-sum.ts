/**
 * A running sum that carries its rounding error along.
 *
 * @see Neumaier (1974), Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen
 */
export class CompensatedSum {
  #sum = 0;
  #error = 0;

  add(x: number): void {
    const sum = this.#sum + x;
    this.#error += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - sum + x : x - sum + this.#sum;
    this.#sum = sum;
  }

  /** @param factor a power of two, so that nothing is rounded */
  scale(factor: number): void {
    this.#sum *= factor;
    this.#error *= factor;
  }

  get value(): number {
    // once the sum has overflowed, its error is not a number
    return Number.isFinite(this.#sum) ? this.#sum + this.#error : this.#sum;
  }
}

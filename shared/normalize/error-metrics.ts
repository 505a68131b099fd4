import type { ColumnModel } from '../contract/model.ts';
import { CompensatedSum } from '../numeric/compensated-sum.ts';
import { GaussianTable } from './gaussian-table.ts';
import { makeInverse } from './inverse.ts';
import { Moments } from './moments.ts';
import { boundOf, type Pairs } from './pairs.ts';

/** Rows summed plainly before the sum is compensated; blocks begin at multiples of it, counted in the partition. */
const BLOCK_ROWS = 1024;
/** Values farther than this many standard deviations from every Gaussian have low mass. */
const LOW_MASS_DEVIATIONS = 6;

/** What a partition lost in one column; null where there is no finite row, or where a figure overflows. */
export interface ErrorFigures {
  rows: number;
  nulls: number;
  nonFinite: number;
  inexact: number;
  meanAbsoluteError: number | null;
  rootMeanSquareError: number | null;
  maxAbsoluteError: number | null;
  /** beyond the clip of the component they were given */
  clipped: number;
  lowMass: number;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  /** of the population */
  standardDeviation: number | null;
  /** finite rows of each component, pruned ones left out */
  componentCounts: number[];
}

/**
 * Measures what the stored pairs of a column lose: every finite value is compared with the inverse of its pair as
 * stored.
 *
 * Sums are plain within 1,024 rows of the partition and compensated across, so they depend on the partition's rows
 * alone, not on how these are cut into calls.
 */
export class ErrorMetrics {
  readonly #inverse: (z: number, component: number) => number;
  readonly #gaussians: GaussianTable;
  readonly #means: Float64Array;
  readonly #standardDeviations: Float64Array;
  readonly #counts: Float64Array;
  readonly #clip: number;
  readonly #absolute = new CompensatedSum();
  readonly #squared = new CompensatedSum();
  readonly #moments = new Moments();
  readonly #block = { rows: 0, finite: 0, absolute: 0, squared: 0, origin: 0, sum: 0, sumOfSquares: 0 };
  #rows = 0;
  #nulls = 0;
  #finite = 0;
  #inexact = 0;
  #clipped = 0;
  #lowMass = 0;
  #largest = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;

  constructor(column: ColumnModel, clip: number | false) {
    const kept = column.components.filter(({ pruned }) => !pruned);
    this.#clip = boundOf(clip, column.precision);
    this.#inverse = makeInverse(column);
    this.#gaussians = new GaussianTable(kept);
    this.#means = Float64Array.from(kept, ({ mean }) => mean);
    this.#standardDeviations = Float64Array.from(kept, ({ standardDeviation }) => standardDeviation);
    this.#counts = new Float64Array(kept.length);
  }

  /**
   * Add the next rows of the partition.
   *
   * @param valid 1 where there is a value, 0 under a null
   * @param pairs as stored
   * @param inexact how many of the values no double holds exactly
   */
  add(values: Float64Array, valid: Uint8Array, pairs: Pairs, inexact: number): void {
    this.#inexact += inexact;
    for (let start = 0; start < valid.length; ) {
      const end = Math.min(start + BLOCK_ROWS - this.#block.rows, valid.length);
      this.#addToBlock(values, valid, pairs, start, end);
      if (this.#block.rows === BLOCK_ROWS) this.#endBlock();
      start = end;
    }
  }

  #addToBlock(
    values: Float64Array,
    valid: Uint8Array,
    { normalized, normalizedValid, components }: Pairs,
    start: number,
    end: number,
  ): void {
    const inverse = this.#inverse;
    const block = this.#block;
    let { finite, absolute, squared, origin, sum, sumOfSquares } = block;
    for (let row = start; row < end; row++) {
      if (normalizedValid[row] === 0) {
        this.#nulls += 1 - valid[row];
        continue;
      }
      const x = values[row];
      const component = components[row];
      const error = Math.abs(inverse(normalized[row], component) - x);
      absolute += error;
      squared += error * error;
      if (error > this.#largest) this.#largest = error;
      if (finite++ === 0) origin = x;
      const difference = x - origin;
      sum += difference;
      sumOfSquares += difference * difference;
      if (x < this.#minimum) this.#minimum = x;
      if (x > this.#maximum) this.#maximum = x;
      this.#counts[component]++;
      // at 0 it sits on an atom or a mean
      if (normalized[row] !== 0) this.#countFar(x, component);
    }
    block.rows += end - start;
    Object.assign(block, { finite, absolute, squared, origin, sum, sumOfSquares });
  }

  #countFar(x: number, component: number): void {
    const deviations = Math.abs((x - this.#means[component]) / this.#standardDeviations[component]);
    if (deviations / 4 > this.#clip) this.#clipped++;
    if (deviations > LOW_MASS_DEVIATIONS && this.#isFarFromAll(x)) this.#lowMass++;
  }

  #isFarFromAll(x: number): boolean {
    const { means, standardDeviations } = this.#gaussians;
    const k = this.#gaussians.nearest(x);
    return Math.abs((x - means[k]) / standardDeviations[k]) > LOW_MASS_DEVIATIONS;
  }

  #endBlock(): void {
    const { rows, finite, absolute, squared, origin, sum, sumOfSquares } = this.#block;
    this.#rows += rows;
    this.#finite += finite;
    this.#absolute.add(absolute);
    this.#squared.add(squared);
    if (finite > 0) this.#moments.addBlock(finite, origin, sum, sumOfSquares);
    Object.assign(this.#block, { rows: 0, finite: 0, absolute: 0, squared: 0, sum: 0, sumOfSquares: 0 });
  }

  /** The figures of all rows added; the last call. */
  figures(): ErrorFigures {
    this.#endBlock();
    const n = this.#finite;
    const figure = (value: number) => (n > 0 && Number.isFinite(value) ? value : null);
    return {
      rows: this.#rows,
      nulls: this.#nulls,
      nonFinite: this.#rows - this.#nulls - n,
      inexact: this.#inexact,
      meanAbsoluteError: figure(this.#absolute.value / n),
      rootMeanSquareError: figure(Math.sqrt(this.#squared.value / n)),
      maxAbsoluteError: figure(this.#largest),
      clipped: this.#clipped,
      lowMass: this.#lowMass,
      minimum: figure(this.#minimum),
      maximum: figure(this.#maximum),
      mean: figure(this.#moments.mean),
      standardDeviation: figure(this.#moments.standardDeviation),
      componentCounts: Array.from(this.#counts),
    };
  }
}

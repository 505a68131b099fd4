import type { ColumnModel } from '../contract/model.ts';
import { binaryExponent, powerOfTwo } from '../numeric/power-of-two.ts';
import { ScaledSum } from '../numeric/scaled-sum.ts';
import { GaussianTable } from './gaussian-table.ts';
import { makeInverse } from './inverse.ts';
import { type BlockSums, Moments, PLAIN_EXPONENT } from './moments.ts';
import { boundOf, LOW_MASS_DEVIATIONS, nearOf, type Pairs } from './pairs.ts';

/** Rows summed plainly before the sum is compensated; blocks begin at multiples of it, counted in the partition. */
export const BLOCK_ROWS = 1024;

/** What a partition lost in one column; null where there is no finite row. An error stops at the largest double. */
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

interface ErrorSums {
  absolute: number;
  squared: number;
}

/** A block of 1,024 rows, measured: what stands by finite value is in the order of the rows, sums are plain. */
export interface MeasuredBlock {
  nulls: number;
  /** [finite] */
  values: Float64Array;
  /** [finite] |value - inverse of its pair as stored|, at most the largest double */
  errors: Float64Array;
  sums: BlockSums & ErrorSums & { largest: number; minimum: number; maximum: number };
  /** finite rows of each component */
  counts: ArrayLike<number>;
  /** places in `values` of those stored farther out than {@link nearOf} */
  far: Iterable<number>;
  /** [finite] number of the component */
  components: ArrayLike<number>;
}

/**
 * Measures what the stored pairs of a column lose: every finite value is compared with the inverse of its pair as
 * stored.
 *
 * Sums are plain within 1,024 rows of the partition and compensated across, so they depend on the partition's rows
 * alone, not on how these are cut into calls. They are taken in units of a power of two, so none of them overflows.
 */
export class ErrorMetrics {
  readonly #inverse: (z: number, component: number) => number;
  readonly #gaussians: GaussianTable;
  readonly #means: Float64Array;
  readonly #standardDeviations: Float64Array;
  readonly #counts: Float64Array;
  readonly #clip: number;
  /** what is clipped, or has low mass, is stored beyond this */
  readonly #far: number;
  readonly #absolute = new ScaledSum();
  readonly #squared = new ScaledSum();
  readonly #moments = new Moments();
  /** rows of the block so far; its finite values with their errors, and the largest of these */
  #blockRows = 0;
  #blockFinite = 0;
  #blockLargest = 0;
  readonly #blockValues = new Float64Array(BLOCK_ROWS);
  readonly #blockErrors = new Float64Array(BLOCK_ROWS);
  readonly #blockStored = new Float64Array(BLOCK_ROWS);
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
    this.#far = nearOf(clip, column.precision);
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
   */
  add(values: Float64Array, valid: Uint8Array, pairs: Pairs): void {
    for (let start = 0; start < valid.length; ) {
      const end = Math.min(start + BLOCK_ROWS - this.#blockRows, valid.length);
      this.#addToBlock(values, valid, pairs, start, end);
      if (this.#blockRows === BLOCK_ROWS) this.#endBlock();
      start = end;
    }
  }

  #addToBlock(values: Float64Array, valid: Uint8Array, pairs: Pairs, start: number, end: number): void {
    const { normalizedValid, components } = pairs;
    const inverse = this.#inverse;
    const blockValues = this.#blockValues;
    const blockErrors = this.#blockErrors;
    const counts = this.#counts;
    const far = this.#far;
    // as doubles, so that one loop serves both precisions
    const stored = this.#blockStored;
    stored.set(pairs.normalized.subarray(start, end));
    let finite = this.#blockFinite;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    let largest = this.#blockLargest;
    for (let row = start; row < end; row++) {
      if (normalizedValid[row] === 0) {
        this.#nulls += 1 - valid[row];
        continue;
      }
      const x = values[row];
      const component = components[row];
      const z = stored[row - start];
      let error = Math.abs(inverse(z, component) - x);
      if (error > Number.MAX_VALUE) error = Number.MAX_VALUE;
      if (error > largest) largest = error;
      blockErrors[finite] = error;
      blockValues[finite++] = x;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
      counts[component]++;
      if (z > far || z < -far) this.#countFar(x, component);
    }
    this.#blockRows += end - start;
    this.#blockFinite = finite;
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.#blockLargest = largest;
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

  /** So many of the values added no double holds exactly. */
  addInexact(count: number): void {
    this.#inexact += count;
  }

  /** Rows to the end of the block; 1,024 where it has none yet, so that a measured one may follow. */
  get rowsToBlockEnd(): number {
    return BLOCK_ROWS - this.#blockRows;
  }

  /** Add a block of 1,024 rows whose pairs have been compared already. */
  addMeasured({ nulls, values, errors, sums, counts, far, components }: MeasuredBlock): void {
    const finite = values.length;
    this.#rows += BLOCK_ROWS;
    this.#nulls += nulls;
    this.#finite += finite;
    if (finite === 0) return;
    this.#minimum = Math.min(this.#minimum, sums.minimum);
    this.#maximum = Math.max(this.#maximum, sums.maximum);
    for (let k = 0; k < this.#counts.length; k++) this.#counts[k] += counts[k];
    for (const i of far) this.#countFar(values[i], components[i]);
    this.#moments.addBlock(values, this.#minimum, this.#maximum, sums);
    this.#addErrors(errors, finite, sums.largest, sums);
  }

  #endBlock(): void {
    const finite = this.#blockFinite;
    this.#rows += this.#blockRows;
    this.#finite += finite;
    this.#blockRows = 0;
    this.#blockFinite = 0;
    if (finite === 0) return;
    this.#moments.addBlock(this.#blockValues.subarray(0, finite), this.#minimum, this.#maximum);
    this.#addErrors(this.#blockErrors, finite, this.#blockLargest);
    this.#blockLargest = 0;
  }

  #addErrors(errors: Float64Array, finite: number, largest: number, sums?: ErrorSums): void {
    if (largest === 0) return;
    if (largest > this.#largest) this.#largest = largest;
    const exponent = binaryExponent(largest);
    const perUnit = powerOfTwo(-exponent);
    if (Math.abs(exponent) <= PLAIN_EXPONENT) {
      const { absolute, squared } = sums ?? sumsOf(errors, finite, 1);
      this.#absolute.add(absolute * perUnit, exponent);
      this.#squared.add(squared * (perUnit * perUnit), 2 * exponent);
    } else {
      const { absolute, squared } = sumsOf(errors, finite, perUnit);
      this.#absolute.add(absolute, exponent);
      this.#squared.add(squared, 2 * exponent);
    }
  }

  /** The figures of all rows added; the last call. */
  figures(): ErrorFigures {
    this.#endBlock();
    const n = this.#finite;
    const figure = (value: number) => (n > 0 ? value : null);
    return {
      rows: this.#rows,
      nulls: this.#nulls,
      nonFinite: this.#rows - this.#nulls - n,
      inexact: this.#inexact,
      meanAbsoluteError: figure(this.#absolute.mean(n)),
      rootMeanSquareError: figure(this.#squared.rootOfMean(n)),
      maxAbsoluteError: figure(this.#largest),
      clipped: this.#clipped,
      lowMass: this.#lowMass,
      // -0 as 0, or it would depend on which came first
      minimum: figure(this.#minimum + 0),
      maximum: figure(this.#maximum + 0),
      mean: figure(this.#moments.mean),
      standardDeviation: figure(this.#moments.standardDeviation),
      componentCounts: Array.from(this.#counts),
    };
  }
}

function sumsOf(errors: Float64Array, count: number, perUnit: number): ErrorSums {
  let absolute = 0;
  let squared = 0;
  for (let i = 0; i < count; i++) {
    const error = errors[i] * perUnit;
    absolute += error;
    squared += error * error;
  }
  return { absolute, squared };
}

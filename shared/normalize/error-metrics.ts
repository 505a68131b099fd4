import type { ColumnModel } from '../contract/model.ts';
import { CompensatedSum } from '../numeric/compensated-sum.ts';
import { GaussianTable } from './gaussian-table.ts';
import { makeInverse } from './inverse.ts';
import type { Pairs } from './kernel.ts';

/** Rows summed plainly before the sum is compensated; blocks start anew with each row group. */
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
  clipped: number;
  lowMass: number;
  minimum: number | null;
  maximum: number | null;
  mean: number | null;
  /** of the population */
  standardDeviation: number | null;
  componentCounts: number[];
}

/**
 * Measures what the stored pairs of a column lose: every finite value is compared with the inverse of its pair as
 * stored. Sums are plain within 1,024 rows and compensated across them, so they depend on the rows alone.
 */
export class ErrorMetrics {
  readonly #column: ColumnModel;
  readonly #clip: number;
  readonly #inverse: (z: number, component: number) => number;
  readonly #gaussians: GaussianTable;
  readonly #counts: Float64Array;
  readonly #absolute = new CompensatedSum();
  readonly #squared = new CompensatedSum();
  readonly #deviation = new CompensatedSum();
  readonly #squaredDeviation = new CompensatedSum();
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
    this.#column = column;
    this.#clip = clip === false ? Number.POSITIVE_INFINITY : clip;
    this.#inverse = makeInverse(column);
    this.#gaussians = new GaussianTable(column.components);
    this.#counts = new Float64Array(column.components.length);
  }

  /** Add the rows of one row group. */
  add(values: Float64Array, valid: Uint8Array, pairs: Pairs, inexact: number): void {
    this.#inexact += inexact;
    for (let start = 0; start < valid.length; start += BLOCK_ROWS) {
      this.#addBlock(values, valid, pairs, start, Math.min(start + BLOCK_ROWS, valid.length));
    }
  }

  #addBlock(
    values: Float64Array,
    valid: Uint8Array,
    { normalized, normalizedValid, components }: Pairs,
    start: number,
    end: number,
  ): void {
    const { centre, components: model } = this.#column;
    let [absolute, squared, deviation, squaredDeviation] = [0, 0, 0, 0];
    for (let row = start; row < end; row++) {
      if (normalizedValid[row] === 0) {
        this.#nulls += 1 - valid[row];
        continue;
      }
      const x = values[row];
      const component = components[row];
      const error = Math.abs(this.#inverse(normalized[row], component) - x);
      absolute += error;
      squared += error * error;
      if (error > this.#largest) this.#largest = error;
      const d = x - centre;
      deviation += d;
      squaredDeviation += d * d;
      if (x < this.#minimum) this.#minimum = x;
      if (x > this.#maximum) this.#maximum = x;
      this.#counts[component]++;
      this.#finite++;
      const { standardDeviation, mean } = model[component];
      if (standardDeviation === 0) continue;
      const z = Math.abs((x - mean) / (4 * standardDeviation));
      if (z > this.#clip) this.#clipped++;
      if (4 * z > LOW_MASS_DEVIATIONS && this.#isFarFromAll(x)) this.#lowMass++;
    }
    this.#rows += end - start;
    this.#absolute.add(absolute);
    this.#squared.add(squared);
    this.#deviation.add(deviation);
    this.#squaredDeviation.add(squaredDeviation);
  }

  #isFarFromAll(x: number): boolean {
    const { means, standardDeviations } = this.#gaussians;
    const k = this.#gaussians.nearest(x);
    return Math.abs((x - means[k]) / standardDeviations[k]) > LOW_MASS_DEVIATIONS;
  }

  figures(): ErrorFigures {
    const n = this.#finite;
    const figure = (value: number) => (n > 0 && Number.isFinite(value) ? value : null);
    const meanDeviation = this.#deviation.value / n;
    const variance = this.#squaredDeviation.value / n - meanDeviation * meanDeviation;
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
      mean: figure(this.#column.centre + meanDeviation),
      standardDeviation: figure(Math.sqrt(Math.max(0, variance))),
      componentCounts: Array.from(this.#counts),
    };
  }
}

import { DecimalsTracker } from '../numeric/decimals.ts';
import { BLOCK_VALUES } from './cell-key.ts';
import { CellSums } from './cell-sums.ts';
import type { ColumnSummary } from './column-summary.ts';
import { DistinctValues } from './distinct-values.ts';
import type { Zoom } from './zooms.ts';

/** What is known of a column before its rows are seen. */
export interface SummaryColumn {
  /** origin of the cells */
  centre: number;
  /** where they have another; none where left out */
  zooms?: readonly Zoom[];
  /** digits after the point by type, or the bits of a floating point type, whose values say */
  decimals: { fixed: number } | { floatBits: 32 | 64 };
}

/** Rows that pass from step to step together, while they are in the processor's first cache. */
const BLOCK_ROWS = BLOCK_VALUES;

/** Summarises one column's rows as they pass. */
export class SummaryBuilder {
  readonly #column: SummaryColumn;
  readonly #decimals: DecimalsTracker | undefined;
  #distinct: DistinctValues | undefined = new DistinctValues();
  #cells: CellSums | undefined;
  readonly #block = new Float64Array(BLOCK_ROWS);
  #rows = 0;
  #nulls = 0;
  #nan = 0;
  #positiveInfinity = 0;
  #negativeInfinity = 0;
  #inexact = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;

  constructor(column: SummaryColumn) {
    this.#column = column;
    if ('floatBits' in column.decimals) this.#decimals = new DecimalsTracker(column.decimals.floatBits);
  }

  /**
   * Add rows.
   *
   * @param valid 1 where there is a value, 0 under a null
   * @param inexact how many of them no double holds exactly
   */
  add(values: Float64Array, valid: Uint8Array, inexact: number): void {
    this.#rows += valid.length;
    this.#inexact += inexact;
    for (let from = 0; from < valid.length; from += BLOCK_ROWS) {
      const count = this.#takeFinite(values, valid, from, Math.min(from + BLOCK_ROWS, valid.length));
      this.#decimals?.addAll(this.#block, count);
      const counted = this.#distinct?.addAll(this.#block, count) ?? 0;
      if (counted < count) this.#turnIntoCells().addAll(this.#block, counted, count);
    }
  }

  /** Put the finite values of some rows into the block, and count the rest. */
  #takeFinite(values: Float64Array, valid: Uint8Array, from: number, to: number): number {
    const block = this.#block;
    let count = 0;
    let nulls = 0;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    for (let row = from; row < to; row++) {
      if (valid[row] === 0) {
        nulls++;
        continue;
      }
      // -0 as 0
      const x = values[row] + 0;
      if (x - x !== 0) {
        this.#addNonFinite(x);
        continue;
      }
      block[count++] = x;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
    }
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.#nulls += nulls;
    return count;
  }

  finish(): ColumnSummary {
    const { centre, zooms = [], decimals } = this.#column;
    return {
      centre,
      zooms,
      rows: this.#rows,
      nulls: this.#nulls,
      nan: this.#nan,
      positiveInfinity: this.#positiveInfinity,
      negativeInfinity: this.#negativeInfinity,
      inexact: this.#inexact,
      minimum: this.#minimum,
      maximum: this.#maximum,
      decimals: 'fixed' in decimals ? decimals.fixed : this.#decimals!.decimals,
      distinct: this.#distinct?.finish() ?? null,
      cells: this.#cells?.finish() ?? null,
    };
  }

  #addNonFinite(x: number): void {
    if (Number.isNaN(x)) this.#nan++;
    else if (x > 0) this.#positiveInfinity++;
    else this.#negativeInfinity++;
  }

  #turnIntoCells(): CellSums {
    this.#cells ??= cellsOfDistinct(this.#distinct!.finish(), this.#column);
    this.#distinct = undefined;
    return this.#cells;
  }
}

/** The cells that the rows of some distinct values fall into. */
export function cellsOfDistinct(
  { values, counts }: { values: Float64Array; counts: Float64Array },
  { centre, zooms = [] }: Pick<SummaryColumn, 'centre' | 'zooms'>,
): CellSums {
  const cells = new CellSums(centre, zooms);
  for (const [i, value] of values.entries()) cells.addRepeated(value, counts[i]);
  return cells;
}

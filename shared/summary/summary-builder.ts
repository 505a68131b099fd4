import { DecimalsTracker } from '../numeric/decimals.ts';
import { BLOCK_ROWS, BlockCells, type OpenCells } from './block-cells.ts';
import { CellRuns } from './cell-runs.ts';
import { cellsOfValues } from './cells-of-values.ts';
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

let blocks: BlockCells | undefined;

/** Summarises one column's rows as they pass. */
export class SummaryBuilder {
  readonly #column: SummaryColumn;
  readonly #decimals: DecimalsTracker | undefined;
  #distinct: DistinctValues | undefined = new DistinctValues();
  readonly #cells: CellRuns;
  #opened: OpenCells | undefined;
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
    this.#cells = new CellRuns(column.centre, column.zooms ?? []);
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
    blocks ??= new BlockCells();
    for (let from = 0; from < valid.length; from += BLOCK_ROWS) {
      const to = Math.min(from + BLOCK_ROWS, valid.length);
      const count = this.#gather(blocks, values, valid, from, to);
      this.#decimals?.addAll(blocks.finite, count);
      const counted = this.#distinct?.addAll(blocks.finite, count) ?? 0;
      if (counted === count) continue;
      this.#opened = this.#openCells(blocks);
      blocks.add(this.#opened, counted, count);
    }
  }

  #openCells(blocks: BlockCells): OpenCells {
    if (this.#opened?.isOpen) return this.#opened;
    const { centre, zooms = [] } = this.#column;
    if (this.#distinct) this.#cells.add(cellsOfValues(this.#distinct.finish(), centre, zooms));
    this.#distinct = undefined;
    return blocks.open(centre, zooms, (cells) => this.#cells.add(cells));
  }

  /** Gather the finite values of some rows, and count the rest. */
  #gather(blocks: BlockCells, values: Float64Array, valid: Uint8Array, from: number, to: number): number {
    const count = blocks.gather(values, valid, from, to);
    this.#minimum = Math.min(this.#minimum, blocks.minimum);
    this.#maximum = Math.max(this.#maximum, blocks.maximum);
    if (count === to - from) return count;
    for (let row = from; row < to; row++) {
      const x = values[row];
      if (valid[row] === 0) this.#nulls++;
      else if (x - x !== 0) this.#addNonFinite(x);
    }
    return count;
  }

  finish(): ColumnSummary {
    const last = this.#opened?.isOpen && blocks ? blocks.close(this.#opened) : null;
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
      cells: this.#cells.finish(last),
    };
  }

  #addNonFinite(x: number): void {
    if (Number.isNaN(x)) this.#nan++;
    else if (x > 0) this.#positiveInfinity++;
    else this.#negativeInfinity++;
  }
}

import { mergeCells } from './merge-cells.ts';
import { packCells, unpackCells } from './packed-cells.ts';
import type { SummaryCells } from './summary-cells.ts';
import type { Zoom } from './zooms.ts';

/** Packed, a row takes ten bytes at most, and those of a long column share cells: so many runs are still little. */
const MOST_RUNS = 8;

/** Cells of one column that come in runs, each of the rows since the one before, and wait packed for the next. */
export class CellRuns {
  readonly #centre: number;
  readonly #zooms: readonly Zoom[];
  #packed: Uint8Array[] = [];

  constructor(centre: number, zooms: readonly Zoom[]) {
    this.#centre = centre;
    this.#zooms = zooms;
  }

  add(run: SummaryCells): void {
    const cells = this.#packed.length < MOST_RUNS ? run : this.#withAll(run);
    this.#packed.push(packCells(cells));
  }

  /**
   * The cells of all rows, or null where there was no run.
   *
   * @param last one more run
   */
  finish(last: SummaryCells | null): SummaryCells | null {
    return last || this.#packed.length > 0 ? this.#withAll(last) : null;
  }

  /** The run and all before it, which are gone then; neighbours first, so that a cell is copied a few times only. */
  #withAll(last: SummaryCells | null): SummaryCells {
    let runs = this.#packed.map((packed) => unpackCells(packed, this.#centre, this.#zooms));
    this.#packed = [];
    if (last) runs.push(last);
    while (runs.length > 1) {
      const pairs = Array.from({ length: Math.ceil(runs.length / 2) }, (_, i) => runs.slice(2 * i, 2 * i + 2));
      runs = pairs.map(([a, b]) => (b ? mergeCells(a, b) : a));
    }
    return runs[0];
  }
}

import { mergeCells } from './merge-cells.ts';
import type { SummaryCells } from './summary-cells.ts';

/**
 * Cells of one column that come in runs, each of the rows since the one before. A run is merged with those before it
 * that are not much longer, so that a cell is copied a few times, however many runs there are.
 */
export class CellRuns {
  readonly #runs: SummaryCells[] = [];

  add(run: SummaryCells): void {
    const runs = this.#runs;
    runs.push(run);
    while (runs.length > 1 && runs[runs.length - 2].keys.length <= 2 * runs[runs.length - 1].keys.length)
      this.#mergeLast();
  }

  /** The cells of all rows, or null where there was no run. */
  finish(): SummaryCells | null {
    while (this.#runs.length > 1) this.#mergeLast();
    return this.#runs[0] ?? null;
  }

  #mergeLast(): void {
    const [a, b] = this.#runs.splice(-2);
    this.#runs.push(mergeCells(a, b));
  }
}

import { CellBounds } from './cell-bounds.ts';
import { type CellGrid, UNDECIDED } from './cell-grid.ts';
import type { GaussianTable } from './gaussian-table.ts';

/** Slots of u, as a power of two: with 64 of them, a line of the cache is one cell. */
const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;
/** Entries from here on name the first candidate; below, the component. */
const AMBIGUOUS = 128;
/** Where a component is farther than this from all x, its cumulative share need not be told from the next; half the step of u, twice. */
const NO_SHARE = 2 ** -34;
/** What rounding thresholds to float32 adds. */
const FLOAT_ERROR = 2 ** -22;

/**
 * The draw of a component from its responsibilities, without computing them.
 *
 * First tier: an entry for each cell of x and each of 64 slots of u that names the component, where all x and u in
 * there have the same. Second tier: cumulative shares as straight lines over the cell; u decides unless it is
 * nearer to one of them than {@link CellBounds.deviation}. Third tier: the plain rule.
 *
 * u is a multiple of 2^-32. So except for u = 0, which is left to the plain rule, cumulative shares below
 * 2^-34 count as 0, those above 1 - 2^-34 as 1.
 */
export class ShareTable {
  /** [cells * 64] position of the component in the table of Gaussians, 128 + the first candidate's, or 255 */
  readonly entries: Uint8Array;
  /** [cells] where the cell's lines begin: deviation, then value at its start and slope of each candidate but the last */
  readonly lineStarts: Int32Array;
  readonly lines: Float32Array;
  /** [cells] positions of the candidates */
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  readonly #grid: CellGrid;

  constructor(gaussians: GaussianTable, grid: CellGrid) {
    const cells = grid.starts.length - 1;
    this.#grid = grid;
    this.entries = new Uint8Array(cells << SLOT_BITS);
    this.lineStarts = new Int32Array(cells);
    this.first = new Uint8Array(cells);
    this.last = new Uint8Array(cells);
    const bounds = new CellBounds(gaussians, grid);
    const lines: number[] = [];
    for (let cell = 0; cell < cells; cell++) {
      if (bounds.bound(grid.starts[cell], grid.starts[cell + 1])) this.#fill(cell, bounds, lines);
      else this.#leave(cell);
    }
    this.lines = Float32Array.from(lines);
  }

  #leave(cell: number): void {
    this.entries.fill(UNDECIDED, cell << SLOT_BITS, (cell + 1) << SLOT_BITS);
  }

  #fill(cell: number, bounds: CellBounds, lines: number[]): void {
    const { first, last } = candidates(bounds.largestShares);
    const from = cell << SLOT_BITS;
    this.first[cell] = first;
    this.last[cell] = last;
    if (first === last) {
      this.entries.fill(first, from, from + SLOTS);
      return;
    }
    const { starts } = this.#grid;
    const deviation = bounds.deviation + FLOAT_ERROR;
    const { sharesAtStart: atStart, sharesAtEnd: atEnd } = bounds;
    accumulate(atStart);
    accumulate(atEnd);
    this.lineStarts[cell] = lines.length;
    lines.push(deviation * (1 + FLOAT_ERROR));
    for (let k = first; k < last; k++)
      lines.push(atStart[k], (atEnd[k] - atStart[k]) / (starts[cell + 1] - starts[cell]));
    let k = first;
    for (let slot = 0; slot < SLOTS; slot++) {
      while (k < last && Math.max(atStart[k], atEnd[k]) + deviation <= slot / SLOTS) k++;
      const isSure = k === last || Math.min(atStart[k], atEnd[k]) - deviation >= (slot + 1) / SLOTS;
      this.entries[from + slot] = isSure ? k : AMBIGUOUS + k;
    }
  }
}

/** Positions of the first and the last component that some u > 0 may draw. */
function candidates(largestShares: Float64Array): { first: number; last: number } {
  let first = 0;
  for (let below = largestShares[0]; below < NO_SHARE; below += largestShares[first]) first++;
  let last = largestShares.length - 1;
  for (let above = largestShares[last]; above < NO_SHARE; above += largestShares[last]) last--;
  return { first, last };
}

/** Turn shares into their running sums, in units of the whole. */
function accumulate(shares: Float64Array): void {
  let sum = 0;
  for (let k = 0; k < shares.length; k++) sum += shares[k];
  const perUnit = 1 / sum;
  sum = 0;
  for (let k = 0; k < shares.length; k++) {
    sum += shares[k];
    shares[k] = sum * perUnit;
  }
}

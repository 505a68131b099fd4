import { makeArgmaxTable } from './argmax-table.ts';
import { demandsOf } from './cell-demands.ts';
import { type CellGrid, cellAt, layCells, POSITIONS, rangeOf, UNDECIDED } from './cell-grid.ts';
import type { GaussianTable } from './gaussian-table.ts';
import { type KernelOptions, reachOf } from './pairs.ts';
import { ShareTable } from './share-table.ts';

/** Cells of a table: 64 bytes of entries each when drawing, so at most 128 kB of the processor's second cache. */
const MOST_CELLS = 2048;
/** Components are told from each other at least within these standard deviations. */
const LEAST_RANGE = 8;
/** The cells reach so far beyond the place where a component is kept that rounding is no matter. */
const MARGIN = 1.01;

/** What the choice of a component is read from. */
export interface ChoiceTable {
  /** beyond its cells every component is out of reach, so that the nearest is taken, whatever was chosen */
  grid: CellGrid;
  /** [cells], or [cells * 64] where there are shares: position of the component in the table of Gaussians, or 128 and more */
  entries: Uint8Array;
  /** of a draw; none for the likeliest component */
  shares: ShareTable | undefined;
  /** [cells] 1 + place of the cell's only atom, or 0; a cell with several leaves all to the plain rule */
  atomOfCell: Uint8Array;
}

/**
 * The table of a mixture, or undefined where doubles do not reach.
 *
 * @param atoms their values
 */
export function makeChoiceTable(
  gaussians: GaussianTable,
  atoms: Float64Array,
  options: KernelOptions,
): ChoiceTable | undefined {
  const range = rangeOf(gaussians, Math.max(LEAST_RANGE, 4 * reachOf(options) * MARGIN));
  if (!range) return undefined;
  const grid = layCells(range, demandsOf(gaussians, atoms, range), MOST_CELLS);
  const cells = grid.starts.length - 1;
  const shares = options.choose === 'sample' ? new ShareTable(gaussians, grid) : undefined;
  const entries = shares?.entries ?? makeArgmaxTable(gaussians, grid);
  const atomOfCell = new Uint8Array(cells);
  const crowded = new Set<number>();
  for (const [i, atom] of atoms.entries()) {
    const position = (atom - grid.low) * grid.scale;
    if (!(position >= 0 && position < POSITIONS)) continue;
    const cell = cellAt(grid, position);
    if (atomOfCell[cell] > 0) crowded.add(cell);
    atomOfCell[cell] = i + 1;
  }
  const perCell = entries.length / cells;
  for (const cell of crowded) {
    atomOfCell[cell] = 0;
    entries.fill(UNDECIDED, cell * perCell, (cell + 1) * perCell);
  }
  return { grid, entries, shares, atomOfCell };
}

import { CellBounds } from './cell-bounds.ts';
import { type CellGrid, UNDECIDED } from './cell-grid.ts';
import type { GaussianTable } from './gaussian-table.ts';

/** Log densities this far apart are so in the plain rule too, which rounds each by less than 1e-10. */
const CLEAR_LEAD = 1e-9;

/**
 * The likeliest component of each cell.
 *
 * @returns [cells] its position in the table of Gaussians where it is the same for all x in the cell, else 255
 */
export function makeArgmaxTable(gaussians: GaussianTable, grid: CellGrid): Uint8Array {
  const cells = grid.starts.length - 1;
  const bounds = new CellBounds(gaussians, grid);
  const entries = new Uint8Array(cells).fill(UNDECIDED);
  for (let cell = 0; cell < cells; cell++) {
    if (bounds.bound(grid.starts[cell], grid.starts[cell + 1]) && bounds.lead > CLEAR_LEAD)
      entries[cell] = bounds.likeliest;
  }
  return entries;
}

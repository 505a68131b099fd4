import type { SummaryCells } from './summary-cells.ts';
import type { Zoom } from './zooms.ts';

/**
 * Additive statistics of one column over any set of rows.
 *
 * A summary is a function of the multiset of rows alone: sums are exact integers, so merging is associative and
 * commutative bit for bit, and neither partitioning nor grouping can change a model fitted to it.
 */
export interface ColumnSummary {
  /** origin of the cells: the sample's median; the same in all summaries that are merged */
  centre: number;
  /** where cells are cut about another origin; by rising centre, the same in all summaries that are merged */
  zooms: readonly Zoom[];
  rows: number;
  nulls: number;
  nan: number;
  positiveInfinity: number;
  negativeInfinity: number;
  /** integers or unscaled decimals that no double holds exactly */
  inexact: number;
  /** smallest and largest finite value; +Infinity and -Infinity where there is none */
  minimum: number;
  maximum: number;
  /** digits after the point that reproduce every finite value so far, or null where no number of 0..9 does */
  decimals: number | null;
  /** every distinct finite value (ascending, -0 as 0) with its count, while they are at most 1,024; then null */
  distinct: { values: Float64Array; counts: Float64Array } | null;
  /** log-linear cells of x - centre (ascending), then those of each zoom; null while `distinct` is kept */
  cells: SummaryCells | null;
}

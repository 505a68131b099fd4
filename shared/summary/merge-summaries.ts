import { cellsOfValues } from './cells-of-values.ts';
import type { ColumnSummary } from './column-summary.ts';
import { DistinctValues } from './distinct-values.ts';
import { mergeCells } from './merge-cells.ts';
import type { SummaryCells } from './summary-cells.ts';
import type { Zoom } from './zooms.ts';

/**
 * The summary of the rows of both: the same bits as if one builder had seen them all, in any order and grouping.
 *
 * @throws {RangeError} if their cells have different origins
 */
export function mergeSummaries(a: ColumnSummary, b: ColumnSummary): ColumnSummary {
  if (a.centre !== b.centre)
    throw new RangeError(`summaries must have the same centre, got ${a.centre} and ${b.centre}`);
  if (!sameZooms(a.zooms, b.zooms))
    throw new RangeError(
      `summaries must have the same zooms, got ${JSON.stringify(a.zooms)} and ${JSON.stringify(b.zooms)}`,
    );
  const distinct = mergeDistinct(a, b);
  return {
    centre: a.centre,
    zooms: a.zooms,
    rows: a.rows + b.rows,
    nulls: a.nulls + b.nulls,
    nan: a.nan + b.nan,
    positiveInfinity: a.positiveInfinity + b.positiveInfinity,
    negativeInfinity: a.negativeInfinity + b.negativeInfinity,
    inexact: a.inexact + b.inexact,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
    decimals: a.decimals === null || b.decimals === null ? null : Math.max(a.decimals, b.decimals),
    distinct,
    cells: distinct ? null : mergeCells(cellsIn(a), cellsIn(b)),
  };
}

function sameZooms(a: readonly Zoom[], b: readonly Zoom[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ centre, from, to }, i) => centre === b[i].centre && from === b[i].from && to === b[i].to)
  );
}

function mergeDistinct(a: ColumnSummary, b: ColumnSummary): ColumnSummary['distinct'] {
  if (!a.distinct || !b.distinct) return null;
  const merged = new DistinctValues();
  for (const { values, counts } of [a.distinct, b.distinct]) {
    for (const [i, value] of values.entries()) if (!merged.add(value, counts[i])) return null;
  }
  return merged.finish();
}

function cellsIn({ cells, distinct, centre, zooms }: ColumnSummary): SummaryCells {
  return cells ?? cellsOfValues(distinct!, centre, zooms);
}

import type { Component } from '../shared/contract/model.ts';
import type { ColumnSummary } from '../shared/summary/column-summary.ts';
import { SummaryBuilder } from '../shared/summary/summary-builder.ts';
import { zoomsOf } from '../shared/summary/zooms.ts';

/** What the model of a sample says that summaries need. */
export interface SummarisedBy {
  centre: number;
  components: readonly Component[];
  resolution: number;
  decimals: number | null;
}

/** Summaries of a column's rows in so many parts. */
export function summariesOf(
  values: Float64Array,
  parts: number,
  { centre, components, resolution, decimals }: SummarisedBy,
): ColumnSummary[] {
  const zooms = zoomsOf(centre, components, resolution);
  const digits = decimals === null ? ({ floatBits: 64 } as const) : { fixed: decimals };
  const boundary = (part: number) => Math.floor((values.length * part) / parts);
  return Array.from({ length: parts }, (_, part) => {
    const rows = values.subarray(boundary(part), boundary(part + 1));
    const builder = new SummaryBuilder({ centre, zooms, decimals: digits });
    builder.add(rows, new Uint8Array(rows.length).fill(1), 0);
    return builder.finish();
  });
}

import type { PartitionSlice } from '../../shared/contract/stages.ts';
import { sliceReads, type WantedColumn } from '../../shared/parquet/chunk-reads.ts';
import type { ParquetFooter, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { Fetch } from '../read-ahead.ts';

/** What a stage needs of a column: nothing, the bytes of its chunks piece by piece, or each chunk in one piece. */
export type Want = 'not' | 'pieces' | 'whole';

/** The requests of a partition, in the order in which its columns are worked on. */
export function* fetchesOf(
  root: string,
  sources: readonly { slice: PartitionSlice; footer: ParquetFooter }[],
  want: (column: TopLevelColumn) => Want,
): Generator<Fetch> {
  for (const { slice, footer } of sources) {
    const wanted = footer.columns.flatMap((column): WantedColumn[] => {
      const how = want(column);
      return how === 'not' ? [] : [{ ...column, isWhole: how === 'whole' }];
    });
    if (wanted.length === 0) continue;
    const rowGroups = footer.rowGroups.slice(slice.rowGroupStart, slice.rowGroupEnd);
    const object = { key: `${root}${slice.key}`, etag: slice.etag };
    for (const range of sliceReads(rowGroups, wanted)) yield { ...object, ...range };
  }
}

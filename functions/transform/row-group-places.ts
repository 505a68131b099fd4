import type { Partition, PartitionSlice } from '../../shared/contract/stages.ts';
import type { ParquetFooter, RowGroup } from '../../shared/parquet/footer-types.ts';

/** A row group of a partition, and where it lies. */
export interface RowGroupPlace {
  footer: ParquetFooter;
  rowGroup: RowGroup;
  /** of its object, in the store */
  key: string;
  /** the same, relative to the root of the dataset */
  object: string;
  /** whether none follows: columns are done with it */
  isLast: boolean;
}

/** The row groups of a partition that have rows, in its order. */
export function rowGroupPlaces(
  { root }: Partition,
  sources: readonly { slice: PartitionSlice; footer: ParquetFooter }[],
): RowGroupPlace[] {
  const places = sources.flatMap(({ slice, footer }) =>
    footer.rowGroups
      .slice(slice.rowGroupStart, slice.rowGroupEnd)
      .filter(({ rows }) => rows > 0)
      .map((rowGroup) => ({ footer, rowGroup, key: `${root}${slice.key}`, object: slice.key })),
  );
  return places.map((place, i) => ({ ...place, isLast: i === places.length - 1 }));
}

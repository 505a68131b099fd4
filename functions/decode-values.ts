import type { ColumnValues } from '../shared/parquet/column-values.ts';
import { decodeDoubles } from '../shared/parquet/decode-doubles.ts';
import type { ParquetFooter, RowGroup, TopLevelColumn } from '../shared/parquet/footer-types.ts';
import type { ValueBuffers } from './value-buffers.ts';

/** A fetched column chunk as doubles, valid until the buffers are used again; what the decoder held is free again. */
export function decodeValues(
  footer: ParquetFooter,
  column: TopLevelColumn,
  rowGroup: RowGroup,
  bytes: Uint8Array,
  key: string,
  buffers: ValueBuffers,
): ColumnValues {
  const { rows, chunks } = rowGroup;
  const leaf = footer.leaves[column.leafStart];
  return decodeDoubles(column, leaf, chunks[column.leafStart], bytes, rows, key, buffers.of(rows));
}

import type { ColumnModel } from '../../shared/contract/model.ts';
import type { ColumnValues } from '../../shared/parquet/column-values.ts';
import { decodeDoubles } from '../../shared/parquet/decode-doubles.ts';
import type { ParquetFooter, RowGroup, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { zoomsOf } from '../../shared/summary/zooms.ts';
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

/** A summary of a column with its cells where the model has them; only floating point values say how many digits they have. */
export function summaryBuilderOf(model: ColumnModel): SummaryBuilder {
  const { centre, components, resolution, physicalType, decimals } = model;
  const zooms = zoomsOf(centre, components, resolution);
  if (physicalType === 'FLOAT') return new SummaryBuilder({ centre, zooms, decimals: { floatBits: 32 } });
  if (physicalType === 'DOUBLE') return new SummaryBuilder({ centre, zooms, decimals: { floatBits: 64 } });
  return new SummaryBuilder({ centre, zooms, decimals: { fixed: decimals ?? 0 } });
}

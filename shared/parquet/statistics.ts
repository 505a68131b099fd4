import type { ColumnChunk, LeafColumn, NumericType } from './footer-types.ts';
import { fieldOf, type ThriftStruct, type ThriftValue } from './thrift.ts';
import { isStruct } from './thrift-values.ts';

/**
 * The statistics of a chunk that can be trusted, as doubles.
 *
 * @param meta the ColumnMetaData struct
 * @param numeric the column's numeric type; null where its order is unknown or it has none
 * @see Apache Parquet format, struct Statistics: 3 null_count, 5 max_value, 6 min_value, 7 is_max_value_exact,
 *   8 is_min_value_exact
 */
export function readStatistics(
  meta: ThriftStruct,
  numeric: NumericType | null,
  leaf: LeafColumn,
): Pick<ColumnChunk, 'minimum' | 'maximum' | 'nullCount'> {
  const statistics = fieldOf(meta, 12);
  if (!isStruct(statistics)) return { minimum: null, maximum: null, nullCount: null };
  const nullCount = Number(fieldOf(statistics, 3) ?? -1);
  return {
    minimum: boundOf(fieldOf(statistics, 6), fieldOf(statistics, 8), numeric, leaf),
    maximum: boundOf(fieldOf(statistics, 5), fieldOf(statistics, 7), numeric, leaf),
    nullCount: Number.isSafeInteger(nullCount) && nullCount >= 0 ? nullCount : null,
  };
}

function boundOf(
  bytes: ThriftValue | undefined,
  isExact: ThriftValue | undefined,
  numeric: NumericType | null,
  leaf: LeafColumn,
): number | null {
  // a bound that was cut short has lost its last digits, which for a number means all of them
  if (!numeric || isExact === false || !(bytes instanceof Uint8Array)) return null;
  const value = decodeBound(bytes, numeric, leaf);
  // a writer that put NaN there did not follow the order it claims
  return value === null || !Number.isFinite(value) ? null : value;
}

function decodeBound(bytes: Uint8Array, numeric: NumericType, { physicalType, typeLength }: LeafColumn): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isUnsigned = numeric.kind === 'integer' && !numeric.signed;
  const divisor = numeric.kind === 'decimal' ? 10 ** numeric.scale : 1;
  const width = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8, FIXED_LEN_BYTE_ARRAY: typeLength }[physicalType as string];
  if (bytes.length === 0 || (width !== undefined && bytes.length !== width)) return null;
  switch (physicalType) {
    case 'INT32':
      return (isUnsigned ? view.getUint32(0, true) : view.getInt32(0, true)) / divisor;
    case 'INT64':
      return Number(isUnsigned ? view.getBigUint64(0, true) : view.getBigInt64(0, true)) / divisor;
    case 'FLOAT':
      return view.getFloat32(0, true);
    case 'DOUBLE':
      return view.getFloat64(0, true);
    default:
      return bigEndian(bytes) / divisor;
  }
}

/** Two's complement, most significant byte first; the nearest double is near enough for a bound. */
function bigEndian(bytes: Uint8Array): number {
  let value = bytes[0] > 127 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

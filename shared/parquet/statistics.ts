import type { ColumnChunk, LeafColumn, NumericType } from './footer-types.ts';
import { fieldOf, type ThriftStruct, type ThriftValue } from './thrift.ts';

/**
 * The statistics of a chunk that can be trusted, as doubles.
 *
 * @param chunk the ColumnChunk struct
 * @param numeric the column's numeric type; null where its order is unknown or it has none
 * @see Apache Parquet format, struct Statistics: 3 null_count, 5 max_value, 6 min_value
 */
export function readStatistics(
  chunk: ThriftStruct,
  numeric: NumericType | null,
  leaf: LeafColumn,
): Pick<ColumnChunk, 'minimum' | 'maximum' | 'nullCount'> {
  const meta = fieldOf(chunk, 3) as ThriftStruct;
  const statistics = fieldOf(meta, 12) as ThriftStruct | undefined;
  if (!statistics) return { minimum: null, maximum: null, nullCount: null };
  const nullCount = fieldOf(statistics, 3);
  return {
    minimum: boundOf(fieldOf(statistics, 6), numeric, leaf),
    maximum: boundOf(fieldOf(statistics, 5), numeric, leaf),
    nullCount: typeof nullCount === 'bigint' ? Number(nullCount) : null,
  };
}

function boundOf(bytes: ThriftValue | undefined, numeric: NumericType | null, leaf: LeafColumn): number | null {
  if (!numeric || !(bytes instanceof Uint8Array)) return null;
  const value = decodeValue(bytes, numeric, leaf);
  // a writer that put NaN there did not follow the order it claims
  return value === null || !Number.isFinite(value) ? null : value;
}

function decodeValue(bytes: Uint8Array, numeric: NumericType, { physicalType }: LeafColumn): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unsigned = numeric.kind === 'integer' && !numeric.signed;
  const scale = numeric.kind === 'decimal' ? 10 ** numeric.scale : 1;
  switch (physicalType) {
    case 'INT32':
      return bytes.length === 4 ? (unsigned ? view.getUint32(0, true) : view.getInt32(0, true)) / scale : null;
    case 'INT64':
      return bytes.length === 8
        ? Number(unsigned ? view.getBigUint64(0, true) : view.getBigInt64(0, true)) / scale
        : null;
    case 'FLOAT':
      return bytes.length === 4 ? view.getFloat32(0, true) : null;
    case 'DOUBLE':
      return bytes.length === 8 ? view.getFloat64(0, true) : null;
    default:
      return bytes.length > 0 && bytes.length <= 64 ? bigEndian(bytes) / scale : null;
  }
}

/** Two's complement, most significant byte first; the nearest double is near enough for a bound. */
function bigEndian(bytes: Uint8Array): number {
  let value = bytes[0] > 127 ? -1 : 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

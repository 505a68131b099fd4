import type { Bound, ChunkFields } from './column-chunk.ts';
import type { ColumnChunk, LeafColumn, NumericType } from './footer-types.ts';

/**
 * The statistics of a chunk that can be trusted, as doubles.
 *
 * @param footer shows the bytes in which the bounds lie
 * @param numeric the column's numeric type; null where its order is unknown or it has none
 */
export function readStatistics(
  { minimum, maximum, isMinimumExact, isMaximumExact, nullCount = -1 }: ChunkFields,
  footer: DataView,
  numeric: NumericType | null,
  leaf: LeafColumn,
): Pick<ColumnChunk, 'minimum' | 'maximum' | 'nullCount'> {
  return {
    minimum: boundOf(minimum, isMinimumExact, footer, numeric, leaf),
    maximum: boundOf(maximum, isMaximumExact, footer, numeric, leaf),
    nullCount: Number.isSafeInteger(nullCount) && nullCount >= 0 ? nullCount : null,
  };
}

function boundOf(
  bound: Bound,
  isExact: boolean,
  footer: DataView,
  numeric: NumericType | null,
  leaf: LeafColumn,
): number | null {
  // a bound that was cut short has lost its last digits, which for a number means all of them
  if (!numeric || !isExact || bound.length === 0) return null;
  const value = decodeBound(bound, footer, numeric, leaf);
  // a writer that put NaN there did not follow the order it claims
  return value === null || !Number.isFinite(value) ? null : value;
}

function decodeBound(
  { start, length }: Bound,
  footer: DataView,
  numeric: NumericType,
  { physicalType, typeLength }: LeafColumn,
): number | null {
  const isUnsigned = numeric.kind === 'integer' && !numeric.signed;
  const divisor = numeric.kind === 'decimal' ? 10 ** numeric.scale : 1;
  switch (physicalType) {
    case 'INT32':
      if (length !== 4) return null;
      return (isUnsigned ? footer.getUint32(start, true) : footer.getInt32(start, true)) / divisor;
    case 'INT64':
      if (length !== 8) return null;
      return Number(isUnsigned ? footer.getBigUint64(start, true) : footer.getBigInt64(start, true)) / divisor;
    case 'FLOAT':
      return length === 4 ? footer.getFloat32(start, true) : null;
    case 'DOUBLE':
      return length === 8 ? footer.getFloat64(start, true) : null;
    case 'FIXED_LEN_BYTE_ARRAY':
      return length === typeLength ? bigEndian(footer, start, length) / divisor : null;
    default:
      return bigEndian(footer, start, length) / divisor;
  }
}

/** Two's complement, most significant byte first; the nearest double is near enough for a bound. */
function bigEndian(footer: DataView, start: number, length: number): number {
  let value = footer.getUint8(start) > 127 ? -1 : 0;
  for (let at = start; at < start + length; at++) value = value * 256 + footer.getUint8(at);
  return value;
}

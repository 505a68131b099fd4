import type { DecodedColumn } from './decode-column.ts';
import type { NumericType } from './footer-types.ts';

/** A chunk's values as doubles. */
export interface ColumnValues {
  /** [rows]; unspecified under nulls */
  values: Float64Array;
  /** [rows]; 1 where there is a value, 0 under a null */
  valid: Uint8Array;
  nulls: number;
  /** integers and unscaled decimals that no double holds exactly */
  inexact: number;
}

/**
 * Turn a decoded chunk into doubles: int64 and decimals (unscaled / 10^scale) as the nearest double, dates and
 * timestamps in their stored unit. The result is a copy; the chunk can be freed.
 *
 * @param numeric the column's type
 */
export function toDoubles(decoded: DecodedColumn, numeric: NumericType): ColumnValues {
  const { rows } = decoded;
  const valid = readValidity(decoded);
  let nulls = 0;
  for (let row = 0; row < rows; row++) nulls += 1 - valid[row];
  const values = new Float64Array(rows);
  const scale = numeric.kind === 'decimal' ? numeric.scale : 0;
  const isUnsigned = numeric.kind === 'integer' && !numeric.signed;
  const inexact = fill(decoded, values, valid, isUnsigned, scale);
  return { values, valid, nulls, inexact };
}

function readValidity({ rows, memory, validity, offset }: DecodedColumn): Uint8Array {
  const valid = new Uint8Array(rows);
  if (validity === 0) return valid.fill(1);
  const bitmap = new Uint8Array(memory, validity, (offset + rows + 7) >> 3);
  for (let row = 0, bit = offset; row < rows; row++, bit++) valid[row] = (bitmap[bit >> 3] >> (bit & 7)) & 1;
  return valid;
}

/** @returns the number of inexact values */
function fill(
  decoded: DecodedColumn,
  values: Float64Array,
  valid: Uint8Array,
  isUnsigned: boolean,
  scale: number,
): number {
  const { rows, memory, offset, leaf } = decoded;
  const at = decoded.values;
  switch (leaf.physicalType) {
    case 'DOUBLE':
      values.set(new Float64Array(memory, at + 8 * offset, rows));
      return 0;
    case 'FLOAT':
      values.set(new Float32Array(memory, at + 4 * offset, rows));
      return 0;
    case 'INT32':
      values.set(
        isUnsigned ? new Uint32Array(memory, at + 4 * offset, rows) : new Int32Array(memory, at + 4 * offset, rows),
      );
      divide(values, scale);
      return 0;
    case 'INT64':
      return fillInt64(new Uint32Array(memory, at + 8 * offset, 2 * rows), values, valid, isUnsigned, scale);
    default:
      return fillBytes(decoded, values, valid, scale);
  }
}

/** Unscaled values below 2^53 and powers of ten up to 10^22 are exact doubles, so one division rounds correctly. */
const EXACT_POWERS = 22;

function divide(values: Float64Array, scale: number): void {
  if (scale === 0) return;
  if (scale > EXACT_POWERS) {
    for (let row = 0; row < values.length; row++) values[row] = Number(`${values[row]}e-${scale}`);
    return;
  }
  const power = 10 ** scale;
  for (let row = 0; row < values.length; row++) values[row] /= power;
}

/** hi * 2^32 is exact, so adding lo rounds once: the nearest double, without a BigInt a value. */
function fillInt64(
  halves: Uint32Array,
  values: Float64Array,
  valid: Uint8Array,
  isUnsigned: boolean,
  scale: number,
): number {
  const power = 10 ** Math.min(scale, EXACT_POWERS);
  let inexact = 0;
  for (let row = 0; row < values.length; row++) {
    const lo = halves[2 * row];
    const hi = isUnsigned ? halves[2 * row + 1] : halves[2 * row + 1] | 0;
    const shifted = hi * 4294967296;
    const value = shifted + lo;
    const isExact = value - shifted === lo;
    if (!isExact && valid[row] === 1) inexact++;
    if (scale === 0) values[row] = value;
    else if (scale <= EXACT_POWERS && value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER)
      values[row] = value / power;
    else values[row] = decimalOf((BigInt(hi) << 32n) | BigInt(lo), scale);
  }
  return inexact;
}

/** Decimals in byte arrays: two's complement, most significant byte first. */
function fillBytes(decoded: DecodedColumn, values: Float64Array, valid: Uint8Array, scale: number): number {
  const { rows, memory, offset, leaf, data } = decoded;
  const isFixed = leaf.physicalType === 'FIXED_LEN_BYTE_ARRAY';
  const offsets = isFixed ? null : new Int32Array(memory, decoded.values + 4 * offset, rows + 1);
  const bytes = new Uint8Array(memory);
  const power = 10 ** Math.min(scale, EXACT_POWERS);
  let inexact = 0;
  for (let row = 0; row < rows; row++) {
    if (valid[row] === 0) continue;
    const start = offsets ? data + offsets[row] : decoded.values + leaf.typeLength * (offset + row);
    const end = offsets ? data + offsets[row + 1] : start + leaf.typeLength;
    // the approximation tells whether the value is small; it is exact where it is
    let value = end > start && bytes[start] > 127 ? -1 : 0;
    for (let at = start; at < end; at++) value = value * 256 + bytes[at];
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER && scale <= EXACT_POWERS) {
      values[row] = value / power;
      continue;
    }
    const unscaled = bigEndian(bytes, start, end);
    if (BigInt(Number(unscaled)) !== unscaled) inexact++;
    values[row] = decimalOf(unscaled, scale);
  }
  return inexact;
}

function bigEndian(bytes: Uint8Array, start: number, end: number): bigint {
  let value = bytes[start] > 127 ? -1n : 0n;
  for (let at = start; at < end; at++) value = (value << 8n) | BigInt(bytes[at]);
  return value;
}

/** Parsing decimal text rounds correctly, whatever the digits and the scale. */
const decimalOf = (unscaled: bigint, scale: number) => Number(`${unscaled}e-${scale}`);

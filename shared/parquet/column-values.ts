import { DecimalScale } from './decimal.ts';
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

/** A chunk's values as the file has them, wherever they lie. */
export type StoredValues = Pick<DecodedColumn, 'rows' | 'memory' | 'offset' | 'values' | 'data' | 'leaf'>;

/**
 * Turn a decoded chunk into doubles: int64 and decimals (unscaled / 10^scale) as the nearest double, dates and
 * timestamps in their stored unit. The result is a copy; the chunk can be freed.
 *
 * @param numeric the column's type
 * @param target arrays of at least `rows` to fill instead of fresh ones, whose first touch costs more than filling them
 * @throws {RangeError} if the target is too short
 */
export function toDoubles(
  decoded: DecodedColumn,
  numeric: NumericType,
  target?: Pick<ColumnValues, 'values' | 'valid'>,
): ColumnValues {
  const { values, valid } = roomFor(decoded.rows, target);
  const nulls = readValidity(decoded, valid);
  return { values, valid, nulls, inexact: fill(decoded, numeric, values, valid) };
}

/**
 * Arrays of exactly `rows`, of the target where there is one.
 *
 * @throws {RangeError} if the target is too short
 */
export function roomFor(
  rows: number,
  target?: Pick<ColumnValues, 'values' | 'valid'>,
): Pick<ColumnValues, 'values' | 'valid'> {
  if (!target) return { values: new Float64Array(rows), valid: new Uint8Array(rows) };
  if (target.values.length < rows || target.valid.length < rows) {
    throw new RangeError(`target must hold ${rows} rows, got ${Math.min(target.values.length, target.valid.length)}`);
  }
  return { values: target.values.subarray(0, rows), valid: target.valid.subarray(0, rows) };
}

/** @returns the number of nulls */
function readValidity({ rows, memory, validity, offset }: DecodedColumn, valid: Uint8Array): number {
  if (validity === 0) {
    valid.fill(1);
    return 0;
  }
  const bitmap = new Uint8Array(memory, validity, (offset + rows + 7) >> 3);
  let there = 0;
  for (let row = 0, bit = offset; row < rows; row++, bit++) {
    const isThere = (bitmap[bit >> 3] >> (bit & 7)) & 1;
    valid[row] = isThere;
    there += isThere;
  }
  return rows - there;
}

/**
 * Turn a chunk's values into doubles; eight-byte ones may lie where the doubles are to be.
 *
 * @returns the number of inexact values
 */
export function fill(decoded: StoredValues, numeric: NumericType, values: Float64Array, valid: Uint8Array): number {
  const { rows, memory, offset, leaf } = decoded;
  const at = decoded.values;
  const isUnsigned = numeric.kind === 'integer' && !numeric.signed;
  switch (leaf.physicalType) {
    case 'DOUBLE':
      if (memory !== values.buffer) values.set(new Float64Array(memory, at + 8 * offset, rows));
      return 0;
    case 'FLOAT':
      values.set(new Float32Array(memory, at + 4 * offset, rows));
      return 0;
    case 'INT32':
      values.set(new (isUnsigned ? Uint32Array : Int32Array)(memory, at + 4 * offset, rows));
      if (numeric.kind === 'decimal') divide(values, numeric.scale);
      return 0;
    case 'INT64': {
      const halves = new Int32Array(memory, at + 8 * offset, 2 * rows);
      if (numeric.kind === 'decimal') return fillDecimal64(halves, values, valid, numeric.scale);
      return isUnsigned ? fillUint64(halves, values, valid) : fillInt64(halves, values, valid);
    }
    default:
      return fillBytes(decoded, values, valid, numeric.kind === 'decimal' ? numeric.scale : 0);
  }
}

function divide(values: Float64Array, scale: number): void {
  const decimal = new DecimalScale(scale);
  for (let row = 0; row < values.length; row++) values[row] = decimal.ofSmall(values[row]);
}

/**
 * hi * 2^32 is exact, so adding lo rounds once: the nearest double, without a bigint a value.
 *
 * Up to 2^53 that is the value itself. The two loops differ in the sign of hi; one with a test in it is twice as slow.
 */
function fillInt64(halves: Int32Array, values: Float64Array, valid: Uint8Array): number {
  let inexact = 0;
  for (let row = 0; row < values.length; row++) {
    const shifted = halves[2 * row + 1] * 4294967296;
    const lo = halves[2 * row] >>> 0;
    const value = shifted + lo;
    values[row] = value;
    if (value - shifted !== lo) inexact += valid[row];
  }
  return inexact;
}

function fillUint64(halves: Int32Array, values: Float64Array, valid: Uint8Array): number {
  let inexact = 0;
  for (let row = 0; row < values.length; row++) {
    const shifted = (halves[2 * row + 1] >>> 0) * 4294967296;
    const lo = halves[2 * row] >>> 0;
    const value = shifted + lo;
    values[row] = value;
    if (value - shifted !== lo) inexact += valid[row];
  }
  return inexact;
}

function fillDecimal64(halves: Int32Array, values: Float64Array, valid: Uint8Array, scale: number): number {
  const decimal = new DecimalScale(scale);
  const limbs = new Uint32Array(4);
  for (let row = 0; row < values.length; row++) {
    const hi = halves[2 * row + 1];
    const lo = halves[2 * row] >>> 0;
    const value = hi * 4294967296 + lo;
    if (value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER) values[row] = decimal.ofSmall(value);
    else if (valid[row] === 1) {
      // the magnitude: two's complement negation carries into the upper half only from a lower half of 0
      limbs[0] = hi < 0 ? -lo : lo;
      limbs[1] = hi < 0 ? ~hi + (lo === 0 ? 1 : 0) : hi;
      values[row] = decimal.ofLimbs(hi < 0, limbs);
    }
  }
  return decimal.inexact;
}

/** Decimals in byte arrays: two's complement, most significant byte first, of any length. */
function fillBytes(decoded: StoredValues, values: Float64Array, valid: Uint8Array, scale: number): number {
  const { rows, memory, offset, leaf, data } = decoded;
  const isFixed = leaf.physicalType === 'FIXED_LEN_BYTE_ARRAY';
  const offsets = isFixed ? null : new Int32Array(memory, decoded.values + 4 * offset, rows + 1);
  const bytes = new Uint8Array(memory);
  const decimal = new DecimalScale(scale);
  const limbs = new Uint32Array(4);
  for (let row = 0; row < rows; row++) {
    if (valid[row] === 0) continue;
    const start = offsets ? data + offsets[row] : decoded.values + leaf.typeLength * (offset + row);
    const end = offsets ? data + offsets[row + 1] : start + leaf.typeLength;
    const isNegative = end > start && bytes[start] > 127;
    // the approximation tells whether the value is small; it is exact where it is
    let value = isNegative ? -1 : 0;
    for (let at = start; at < end; at++) value = value * 256 + bytes[at];
    if (value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER) values[row] = decimal.ofSmall(value);
    else if (end - start > 16) values[row] = decimal.ofBigInt(bigEndian(bytes, start, end));
    else {
      readMagnitude(bytes, start, end, isNegative, limbs);
      values[row] = decimal.ofLimbs(isNegative, limbs);
    }
  }
  return decimal.inexact;
}

/** Four limbs from at most 16 bytes. */
function readMagnitude(bytes: Uint8Array, start: number, end: number, isNegative: boolean, limbs: Uint32Array): void {
  const sign = isNegative ? 255 : 0;
  let carry = isNegative ? 1 : 0;
  for (let limb = 0, at = end - 1; limb < 4; limb++) {
    let bits = 0;
    // each byte flipped if negative, then one added: the magnitude
    for (let shift = 0; shift < 32; shift += 8, at--) bits |= ((at >= start ? bytes[at] : sign) ^ sign) << shift;
    const sum = (bits >>> 0) + carry;
    limbs[limb] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

function bigEndian(bytes: Uint8Array, start: number, end: number): bigint {
  let value = bytes[start] > 127 ? -1n : 0n;
  for (let at = start; at < end; at++) value = (value << 8n) | BigInt(bytes[at]);
  return value;
}

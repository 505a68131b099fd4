/**
 * Cells are log-linear in |x - centre|: the top 22 bits of the double x - centre (sign, 11 exponent bits, 10 mantissa
 * bits) are the key, the next 20 bits are the offset in the cell, in units of 2^-20 of its width, from the edge nearer
 * to the centre. Both are integers, so sums of offsets are exact.
 */
/** Set in the keys of values below the centre. */
export const SIGN_KEY = 1 << 21;
export const KEY_BITS = 22;
/** Offsets in a cell are 0 <= offset < OFFSETS. */
export const OFFSETS = 1 << 20;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/**
 * Locate a finite value, 0 and never -0: {@link locatedOffset} gives its offset until the next call.
 *
 * @returns its key, 0 <= key < 2^22
 */
export function locate(x: number, centre: number): number {
  const d = x - centre;
  double[0] = within(d);
  return words[1] >>> 10;
}

/** A difference beyond the largest double stays in the last cell. */
function within(d: number): number {
  if (d - d === 0) return d;
  return d > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
}

/** Offset in its cell of the value located last. */
export function locatedOffset(): number {
  return ((words[1] & 0x3ff) << 10) | (words[0] >>> 22);
}

/** Cells about the centre of a zoom span so many keys, of which the first is theirs: 6 mantissa bits are enough there. */
export const ZOOM_CELL_KEYS = 1 << 4;

/** As {@link locate}, for a cell about the centre of a zoom: {@link locatedZoomOffset} gives the offset. */
export function locateInZoom(x: number, centre: number): number {
  return locate(x, centre) & -ZOOM_CELL_KEYS;
}

/** Offset in its cell of the value located in a zoom last. */
export function locatedZoomOffset(): number {
  return ((words[1] & 0x3fff) << 6) | (words[0] >>> 26);
}

/** Place of a cell among all about one centre, in ascending order of value. */
export function ordinalOf(key: number): number {
  return (key & SIGN_KEY) === 0 ? key : SIGN_KEY - 1 - key;
}

/** The key whose place is given. */
export function keyOf(ordinal: number): number {
  return ordinal >= 0 ? ordinal : SIGN_KEY - 1 - ordinal;
}

/** The cell's edges as distances from the centre, the nearer one first; the sign is the key's. */
export function cellEdges(key: number): { near: number; far: number } {
  const magnitude = key & (SIGN_KEY - 1);
  return { near: edgeDistance(magnitude), far: edgeDistance(magnitude + 1) };
}

/** Where the cell of a key without its sign begins, as a distance from the centre. */
export function edgeDistance(magnitude: number): number {
  words[0] = 0;
  words[1] = magnitude << 10;
  return Math.min(double[0], Number.MAX_VALUE);
}

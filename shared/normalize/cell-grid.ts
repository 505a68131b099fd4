import type { GaussianTable } from './gaussian-table.ts';

/** Positions are integers below 2^30: what is left of an int32 that stays exact through truncation. */
const POSITION_BITS = 30;
export const POSITIONS = 2 ** POSITION_BITS;
/** The grid has 2^8 parts; one that needs more than 2^8 cells has 2^8 parts of its own. */
const PART_BITS = 8;
const PARTS = 1 << PART_BITS;
const MOST_CELL_BITS = 8;
/** Positions of a part, as a power of two, by depth. */
const OUTER_SHIFT = POSITION_BITS - PART_BITS;
const INNER_SHIFT = OUTER_SHIFT - PART_BITS;
/** What tables of cells say of those that only the plain rule can decide. */
export const UNDECIDED = 255;
/** A part's cells are told by the first of them, then in 5 bits by their positions as a power of two. */
const SHIFT_BITS = 5;
/** A part is told by where its cells are in the guide, then in 4 bits by these. */
const PART_KIND_BITS = 4;
const OUTER = 0;
const INNER = 9;

/**
 * Cells of x, narrow where the mixture bends. The position of x is p = (x - low) * scale, truncated, where
 * 0 <= p < 2^30. Its cell is found by
 *
 *     part  = guide[p >>> 22]
 *     entry = guide[(part >>> 4) + ((p >>> 14) & 0xff & -(part & 1))]
 *     cell  = (entry >>> 5) + ((p & (0x3fffff >>> (part & 8))) >>> (entry & 31))
 *
 * so it costs two loads and no branch wherever x lies: an outer part has one entry, an inner one 2^8.
 */
export interface CellGrid {
  low: number;
  /** a power of two, so that multiplying rounds nothing */
  scale: number;
  guide: Int32Array;
  /** first position of each cell, ascending, and 2^30 at the end */
  starts: Float64Array;
}

/** The cell of a position, 0 <= position < 2^30. */
export function cellAt({ guide }: CellGrid, position: number): number {
  const p = position | 0;
  const part = guide[p >>> 22];
  const entry = guide[(part >>> 4) + ((p >>> 14) & 0xff & -(part & 1))];
  return (entry >>> 5) + ((p & (0x3fffff >>> (part & 8))) >>> (entry & 31));
}

/** Where cells have to be narrow: at `at`, and `reach` to either side, `width` is asked for. All in positions. */
export interface Demand {
  at: number;
  reach: number;
  width: number;
}

/**
 * Positions for all x within so many standard deviations of some Gaussian.
 *
 * @returns undefined where no double holds their range or the scale
 */
export function rangeOf(gaussians: GaussianTable, deviations: number): Pick<CellGrid, 'low' | 'scale'> | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < gaussians.count; k++) {
    const reach = deviations * gaussians.standardDeviations[k];
    low = Math.min(low, gaussians.means[k] - reach);
    high = Math.max(high, gaussians.means[k] + reach);
  }
  const range = high - low;
  // beyond these the scale, or its inverse, is not a normal double
  if (!(range > 2 ** -900 && range < 2 ** 1000)) return undefined;
  let exponent = Math.floor(Math.log2((POSITIONS - 2) / range));
  if (range * 2 ** exponent > POSITIONS - 2) exponent--;
  return { low, scale: 2 ** exponent };
}

/**
 * The cells that the demands ask for, all of them widened alike by powers of two until they are at most so many.
 *
 * @param mostCells at least 2^8
 */
export function layCells(
  range: Pick<CellGrid, 'low' | 'scale'>,
  demands: readonly Demand[],
  mostCells: number,
): CellGrid {
  for (let relief = 1; ; relief *= Math.SQRT2) {
    const plan = planOf(demands, relief, mostCells);
    if (plan) return { ...range, ...plan };
  }
}

function planOf(demands: readonly Demand[], relief: number, mostCells: number) {
  const outer = finest(demands, 0, OUTER_SHIFT);
  const guide: number[] = new Array(PARTS).fill(0);
  const starts: number[] = [];
  for (let part = 0; part < PARTS; part++) {
    const from = part * 2 ** OUTER_SHIFT;
    const bits = bitsOf(OUTER_SHIFT, outer[part] * relief);
    if (bits <= MOST_CELL_BITS) {
      guide[part] = (guide.length << PART_KIND_BITS) | OUTER;
      guide.push(addCells(starts, from, OUTER_SHIFT, bits));
    } else {
      guide[part] = (guide.length << PART_KIND_BITS) | INNER;
      const inner = finest(demands, from, INNER_SHIFT);
      for (let i = 0; i < PARTS; i++) {
        const innerBits = Math.min(MOST_CELL_BITS, bitsOf(INNER_SHIFT, inner[i] * relief));
        guide.push(addCells(starts, from + i * 2 ** INNER_SHIFT, INNER_SHIFT, innerBits));
      }
    }
    if (starts.length > mostCells) return undefined;
  }
  starts.push(POSITIONS);
  return { guide: Int32Array.from(guide), starts: Float64Array.from(starts) };
}

/** The narrowest width asked for in each of 2^8 parts from a position on. */
function finest(demands: readonly Demand[], from: number, shift: number): Float64Array {
  const widths = new Float64Array(PARTS).fill(Number.POSITIVE_INFINITY);
  const partWidth = 2 ** shift;
  for (const { at, reach, width } of demands) {
    const first = Math.max(0, Math.floor((at - reach - from) / partWidth));
    const last = Math.min(PARTS - 1, Math.floor((at + reach - from) / partWidth));
    // none is narrower than a position; and of no width at all nothing could be relieved
    const asked = Math.max(1, width);
    for (let part = first; part <= last; part++) if (asked < widths[part]) widths[part] = asked;
  }
  return widths;
}

/** Cells of a part as a power of two, so that none is wider than asked for. */
function bitsOf(shift: number, width: number): number {
  return Math.min(shift, Math.max(0, Math.ceil(shift - Math.log2(width))));
}

/** @returns the guide's entry */
function addCells(starts: number[], from: number, partShift: number, bits: number): number {
  const shift = partShift - bits;
  const entry = (starts.length << SHIFT_BITS) | shift;
  for (let i = 0; i < 2 ** bits; i++) starts.push(from + i * 2 ** shift);
  return entry;
}

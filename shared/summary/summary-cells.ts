/** Structure of arrays; see docs/format.md for the key of a cell and the unit of its sums. */
export interface SummaryCells {
  /** sign, exponent and the top mantissa bits of the double x - centre; above them the number of the zoom, 0 for none */
  keys: Int32Array;
  counts: Float64Array;
  /**
   * sum of the offsets in the cell, in units of 2^-20 of the cell's width, from the edge nearer to the centre
   * = high * 2^52 + low, 0 <= low < 2^52: exact integers
   */
  sumsHigh: Float64Array;
  sumsLow: Float64Array;
  /** sum of the squared offsets, likewise */
  squaresHigh: Float64Array;
  squaresLow: Float64Array;
  /** the one value of all the cell's rows, or NaN where they differ */
  values: Float64Array;
}

/** So many cells without rows. */
export function blankCells(length: number): SummaryCells {
  return {
    keys: new Int32Array(length),
    counts: new Float64Array(length),
    sumsHigh: new Float64Array(length),
    sumsLow: new Float64Array(length),
    squaresHigh: new Float64Array(length),
    squaresLow: new Float64Array(length),
    values: new Float64Array(length),
  };
}

/** The first of some cells, in the same memory. */
export function firstCells(cells: SummaryCells, length: number): SummaryCells {
  return {
    keys: cells.keys.subarray(0, length),
    counts: cells.counts.subarray(0, length),
    sumsHigh: cells.sumsHigh.subarray(0, length),
    sumsLow: cells.sumsLow.subarray(0, length),
    squaresHigh: cells.squaresHigh.subarray(0, length),
    squaresLow: cells.squaresLow.subarray(0, length),
    values: cells.values.subarray(0, length),
  };
}

/** Sums are high * LIMB + low: integers beyond 2^53 in two exact parts. */
export const LIMB = 2 ** 52;

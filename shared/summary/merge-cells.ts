import { KEY_BITS, ordinalOf } from './cell-key.ts';
import { blankCells, firstCells, LIMB, type SummaryCells } from './summary-cells.ts';

/** The cells of the rows of both: exact sums, in the order that both have. */
export function mergeCells(a: SummaryCells, b: SummaryCells): SummaryCells {
  // to count them first takes as long as to merge them
  const merged = blankCells(a.keys.length + b.keys.length);
  let [i, j, length] = [0, 0, 0];
  for (; i < a.keys.length || j < b.keys.length; length++) {
    const order = compareAt(a.keys, i, b.keys, j);
    if (order <= 0) copyCell(a, i++, merged, length);
    else copyCell(b, j++, merged, length);
    if (order === 0) addCell(b, j++, merged, length);
  }
  return firstCells(merged, length);
}

/** Which of two cells comes first; one that is not there comes last. */
function compareAt(a: Int32Array, i: number, b: Int32Array, j: number): number {
  if (i === a.length) return 1;
  return j === b.length ? -1 : rankOf(a[i]) - rankOf(b[j]);
}

/** Cells stand in the order of these: those about the centre by value, then those of each zoom. */
export function rankOf(key: number): number {
  const about = key >>> KEY_BITS;
  return (about << (KEY_BITS + 1)) + ordinalOf(key - (about << KEY_BITS));
}

function copyCell(from: SummaryCells, cell: number, into: SummaryCells, to: number): void {
  into.keys[to] = from.keys[cell];
  into.counts[to] = from.counts[cell];
  into.sumsHigh[to] = from.sumsHigh[cell];
  into.sumsLow[to] = from.sumsLow[cell];
  into.squaresHigh[to] = from.squaresHigh[cell];
  into.squaresLow[to] = from.squaresLow[cell];
  into.values[to] = from.values[cell];
}

function addCell(from: SummaryCells, cell: number, into: SummaryCells, to: number): void {
  into.counts[to] += from.counts[cell];
  addLimbs(into.sumsHigh, into.sumsLow, to, from.sumsHigh[cell], from.sumsLow[cell]);
  addLimbs(into.squaresHigh, into.squaresLow, to, from.squaresHigh[cell], from.squaresLow[cell]);
  if (into.values[to] !== from.values[cell]) into.values[to] = Number.NaN;
}

/** Add to a sum in two parts. */
export function addLimbs(highs: Float64Array, lows: Float64Array, at: number, high: number, low: number): void {
  const sum = lows[at] + low;
  const over = sum < LIMB ? 0 : 1;
  highs[at] += high + over;
  lows[at] = sum - over * LIMB;
}

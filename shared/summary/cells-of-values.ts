import { KEY_BITS } from './cell-key.ts';
import { addLimbs } from './merge-cells.ts';
import { blankCells, LIMB, type SummaryCells } from './summary-cells.ts';
import { cellOf, type Zoom } from './zooms.ts';

/**
 * The cells that the rows of some values fall into; the same sums as adding them one by one.
 *
 * @param values finite, ascending, never -0, and `counts` how many rows each has
 */
export function cellsOfValues(
  { values, counts }: { values: Float64Array; counts: Float64Array },
  centre: number,
  zooms: readonly Zoom[],
): SummaryCells {
  const places = Array.from(values, (x) => cellOf(x, centre, zooms));
  // cells ascend with values about each centre, so this order is that of the cells
  const order = Array.from(places.keys());
  order.sort((i, j) => (places[i].key >>> KEY_BITS) - (places[j].key >>> KEY_BITS) || i - j);
  const begins = (at: number) => at === 0 || places[order[at]].key !== places[order[at - 1]].key;
  const cells = blankCells(order.filter((_, at) => begins(at)).length);
  let cell = -1;
  for (const [at, i] of order.entries()) {
    const { key, offset } = places[i];
    if (begins(at)) cells.keys[++cell] = key;
    cells.values[cell] = begins(at) ? values[i] : Number.NaN;
    addRepeated(cells, cell, offset, counts[i]);
  }
  return cells;
}

/** Add rows of one value. */
export function addRepeated(cells: SummaryCells, cell: number, offset: number, count: number): void {
  cells.counts[cell] += count;
  addProduct(cells.sumsHigh, cells.sumsLow, cell, count, offset);
  addProduct(cells.squaresHigh, cells.squaresLow, cell, count, offset * offset);
}

function addProduct(highs: Float64Array, lows: Float64Array, at: number, count: number, number: number): void {
  const product = count * number;
  if (product < LIMB) return addLimbs(highs, lows, at, 0, product);
  const exact = BigInt(count) * BigInt(number);
  addLimbs(highs, lows, at, Number(exact >> 52n), Number(BigInt.asUintN(52, exact)));
}

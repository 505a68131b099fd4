import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { cellEdges, KEY_BITS, OFFSETS, ordinalOf, SIGN_KEY, ZOOM_CELL_KEYS } from './cell-key.ts';
import type { ColumnSummary } from './column-summary.ts';
import { LIMB, type SummaryCells } from './summary-cells.ts';
import { territoryOf, type Zoom } from './zooms.ts';

/**
 * A summary as the bins of a fit, ascending: exact ones where all rows of a cell have one value.
 *
 * The others lie between the edges of their cell, cut to the column's range; neighbours may touch but not overlap.
 * Their mean and variance are those of the offsets, within 2^-20 of the cell's width of the values' own.
 */
export function summaryBins(summary: ColumnSummary): WeightedBins {
  const { distinct, cells } = summary;
  if (cells) return binsOfCells(cells, summary);
  const { values, counts } = distinct!;
  return {
    count: counts,
    mean: values,
    variance: new Float64Array(values.length),
    lower: values,
    upper: values,
    exact: new Uint8Array(values.length).fill(1),
  };
}

function binsOfCells(cells: SummaryCells, summary: ColumnSummary): WeightedBins {
  const order = inOrder(cells.keys, summary.zooms);
  const length = order.length;
  const bins: WeightedBins = {
    count: Float64Array.from(order, (cell) => cells.counts[cell]),
    mean: new Float64Array(length),
    variance: new Float64Array(length),
    lower: new Float64Array(length),
    upper: new Float64Array(length),
    exact: new Uint8Array(length),
  };
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(cells.values[order[i]])) setRange(bins, i, rangeOf(cells.keys[order[i]], summary));
    else setExact(bins, i, cells.values[order[i]]);
  }
  for (let i = 0; i < length; i++) if (bins.exact[i] === 0) setMoments(bins, i, cells, order[i], summary);
  return bins;
}

/** Places of the cells by ascending value: those of zooms stand between the ones about the summary's centre. */
function inOrder(keys: Int32Array, zooms: readonly Zoom[]): Int32Array {
  const order = new Int32Array(keys.length);
  let zoomed = keys.findIndex((key) => zoomOf(key) >= 0);
  if (zoomed < 0) zoomed = keys.length;
  const ends = zoomed;
  let to = 0;
  for (let cell = 0; cell < ends; cell++) {
    while (zoomed < keys.length && zooms[zoomOf(keys[zoomed])].from < ordinalOf(keys[cell])) order[to++] = zoomed++;
    order[to++] = cell;
  }
  while (zoomed < keys.length) order[to++] = zoomed++;
  return order;
}

/** Index of the zoom about whose centre a cell is cut, or -1. */
const zoomOf = (key: number) => (key >>> KEY_BITS) - 1;

interface Range {
  lower: number;
  upper: number;
}

/** Edges of a cell, cut to the column's range and to its zoom's territory. */
function rangeOf(key: number, { centre, zooms, minimum, maximum }: ColumnSummary): Range {
  const { origin, near, far, isBelow } = layoutOf(key, centre, zooms);
  const territory = zoomOf(key) < 0 ? undefined : territoryOf(zooms, zoomOf(key), centre);
  return {
    lower: Math.max(minimum, territory?.lower ?? minimum, isBelow ? origin - far : origin + near),
    upper: Math.min(maximum, territory?.upper ?? maximum, isBelow ? origin - near : origin + far),
  };
}

function layoutOf(key: number, centre: number, zooms: readonly Zoom[]) {
  const zoom = zoomOf(key);
  const edges = cellEdges(key, zoom < 0 ? 1 : ZOOM_CELL_KEYS);
  return { origin: zoom < 0 ? centre : zooms[zoom].centre, ...edges, isBelow: (key & SIGN_KEY) !== 0 };
}

function setExact(bins: WeightedBins, i: number, value: number): void {
  bins.mean[i] = value;
  bins.lower[i] = value;
  bins.upper[i] = value;
  bins.exact[i] = 1;
  // x - centre is rounded: a value may lie an ulp beyond the edge it was told to be at
  if (i > 0 && bins.upper[i - 1] > value) bins.upper[i - 1] = value;
}

function setRange(bins: WeightedBins, i: number, { lower, upper }: Range): void {
  bins.lower[i] = i > 0 ? Math.max(lower, bins.upper[i - 1]) : lower;
  bins.upper[i] = Math.max(bins.lower[i], upper);
}

function setMoments(
  bins: WeightedBins,
  i: number,
  { keys, counts, sumsHigh, sumsLow, squaresHigh, squaresLow }: SummaryCells,
  cell: number,
  { centre, zooms }: ColumnSummary,
): void {
  const { origin, near, far, isBelow } = layoutOf(keys[cell], centre, zooms);
  const unit = (far - near) / OFFSETS;
  const count = counts[cell];
  const meanOffset = (sumsHigh[cell] / count) * LIMB + sumsLow[cell] / count;
  const meanSquare = (squaresHigh[cell] / count) * LIMB + squaresLow[cell] / count;
  // offsets are rounded down: on average the values lie half a unit further out
  const distance = near + (meanOffset + 0.5) * unit;
  const mean = isBelow ? origin - distance : origin + distance;
  bins.mean[i] = Math.min(bins.upper[i], Math.max(bins.lower[i], mean));
  const variance = Math.max(0, meanSquare - meanOffset * meanOffset) * unit * unit;
  bins.variance[i] = Math.min(variance, Number.MAX_VALUE);
}

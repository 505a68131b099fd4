import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { edgeDistance, KEY_BITS, OFFSETS, ordinalOf, SIGN_KEY, ZOOM_CELL_KEYS } from './cell-key.ts';
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
  const { length } = order;
  const bins: WeightedBins = {
    count: new Float64Array(length),
    mean: new Float64Array(length),
    variance: new Float64Array(length),
    lower: new Float64Array(length),
    upper: new Float64Array(length),
    exact: new Uint8Array(length),
  };
  const places = placesOf(summary);
  for (let i = 0; i < length; i++) {
    const cell = order[i];
    bins.count[i] = cells.counts[cell];
    const value = cells.values[cell];
    if (Number.isNaN(value)) setCell(bins, i, cells, cell, places[zoomOf(cells.keys[cell]) + 1]);
    else setExact(bins, i, value);
  }
  // an exact neighbour may have cut the range
  for (let i = 0; i < length; i++) {
    if (bins.exact[i] === 0) bins.mean[i] = Math.min(bins.upper[i], Math.max(bins.lower[i], bins.mean[i]));
  }
  return bins;
}

/** Where cells about one centre lie. */
interface Place {
  origin: number;
  /** edges that the cells are cut to */
  lower: number;
  upper: number;
  /** that a cell spans */
  keys: number;
}

/** About the summary's centre, then about that of each zoom. */
function placesOf({ centre, zooms, minimum, maximum }: ColumnSummary): Place[] {
  return [
    { origin: centre, lower: minimum, upper: maximum, keys: 1 },
    ...zooms.map((zoom, i) => {
      const territory = territoryOf(zooms, i, centre);
      return {
        origin: zoom.centre,
        lower: Math.max(minimum, territory.lower),
        upper: Math.min(maximum, territory.upper),
        keys: ZOOM_CELL_KEYS,
      };
    }),
  ];
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

function setExact(bins: WeightedBins, i: number, value: number): void {
  bins.mean[i] = value;
  bins.lower[i] = value;
  bins.upper[i] = value;
  bins.exact[i] = 1;
  // x - centre is rounded: a value may lie an ulp beyond the edge it was told to be at
  if (i > 0 && bins.upper[i - 1] > value) bins.upper[i - 1] = value;
}

/** Range, mean and variance of a cell of several values; the mean not yet cut to the range. */
function setCell(bins: WeightedBins, i: number, cells: SummaryCells, cell: number, place: Place): void {
  const key = cells.keys[cell];
  const magnitude = key & (SIGN_KEY - 1);
  const near = edgeDistance(magnitude);
  const far = edgeDistance(magnitude + place.keys);
  const { origin } = place;
  const isBelow = (key & SIGN_KEY) !== 0;
  const lower = Math.max(place.lower, isBelow ? origin - far : origin + near);
  const upper = Math.min(place.upper, isBelow ? origin - near : origin + far);
  bins.lower[i] = i > 0 ? Math.max(lower, bins.upper[i - 1]) : lower;
  bins.upper[i] = Math.max(bins.lower[i], upper);

  const unit = (far - near) / OFFSETS;
  const count = cells.counts[cell];
  const meanOffset = (cells.sumsHigh[cell] / count) * LIMB + cells.sumsLow[cell] / count;
  const meanSquare = (cells.squaresHigh[cell] / count) * LIMB + cells.squaresLow[cell] / count;
  // offsets are rounded down: on average the values lie half a unit further out
  const distance = near + (meanOffset + 0.5) * unit;
  bins.mean[i] = isBelow ? origin - distance : origin + distance;
  const variance = Math.max(0, meanSquare - meanOffset * meanOffset) * unit * unit;
  bins.variance[i] = Math.min(variance, Number.MAX_VALUE);
}

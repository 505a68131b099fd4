import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { cellEdges, OFFSETS, SIGN_KEY } from './cell-key.ts';
import type { ColumnSummary, SummaryCells } from './column-summary.ts';

const LIMB = 2 ** 52;

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
  const length = cells.keys.length;
  const bins: WeightedBins = {
    count: cells.counts,
    mean: new Float64Array(length),
    variance: new Float64Array(length),
    lower: new Float64Array(length),
    upper: new Float64Array(length),
    exact: new Uint8Array(length),
  };
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(cells.values[i])) setRange(bins, i, cells.keys[i], summary);
    else setExact(bins, i, cells.values[i]);
  }
  for (let i = 0; i < length; i++) if (bins.exact[i] === 0) setMoments(bins, i, cells, summary.centre);
  return bins;
}

function setExact(bins: WeightedBins, i: number, value: number): void {
  bins.mean[i] = value;
  bins.lower[i] = value;
  bins.upper[i] = value;
  bins.exact[i] = 1;
  // x - centre is rounded: a value may lie an ulp beyond the edge it was told to be at
  if (i > 0 && bins.upper[i - 1] > value) bins.upper[i - 1] = value;
}

function setRange(bins: WeightedBins, i: number, key: number, { centre, minimum, maximum }: ColumnSummary): void {
  const { near, far } = cellEdges(key);
  const isBelow = (key & SIGN_KEY) !== 0;
  const lower = Math.max(minimum, isBelow ? centre - far : centre + near);
  bins.lower[i] = i > 0 ? Math.max(lower, bins.upper[i - 1]) : lower;
  bins.upper[i] = Math.min(maximum, isBelow ? centre - near : centre + far);
}

function setMoments(bins: WeightedBins, i: number, cells: SummaryCells, centre: number): void {
  const { keys, counts, sumsHigh, sumsLow, squaresHigh, squaresLow } = cells;
  const { near, far } = cellEdges(keys[i]);
  const unit = (far - near) / OFFSETS;
  const meanOffset = (sumsHigh[i] / counts[i]) * LIMB + sumsLow[i] / counts[i];
  const meanSquare = (squaresHigh[i] / counts[i]) * LIMB + squaresLow[i] / counts[i];
  // offsets are rounded down: on average the values lie half a unit further out
  const distance = near + (meanOffset + 0.5) * unit;
  const mean = (keys[i] & SIGN_KEY) === 0 ? centre + distance : centre - distance;
  bins.mean[i] = Math.min(bins.upper[i], Math.max(bins.lower[i], mean));
  const variance = Math.max(0, meanSquare - meanOffset * meanOffset) * unit * unit;
  bins.variance[i] = Math.min(variance, Number.MAX_VALUE);
}

import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { cellEdges, OFFSETS, SIGN_KEY } from './cell-key.ts';
import type { ColumnSummary } from './column-summary.ts';

const LIMB = 2 ** 52;

/** A summary as the bins of a fit: exact ones where all rows of a cell have one value. */
export function summaryBins(summary: ColumnSummary): WeightedBins {
  const { distinct, cells } = summary;
  if (distinct) {
    const { values, counts } = distinct;
    const exact = new Uint8Array(values.length).fill(1);
    return {
      count: counts,
      mean: values,
      variance: new Float64Array(values.length),
      lower: values,
      upper: values,
      exact,
    };
  }
  const length = cells!.keys.length;
  const bins: WeightedBins = {
    count: cells!.counts,
    mean: new Float64Array(length),
    variance: new Float64Array(length),
    lower: new Float64Array(length),
    upper: new Float64Array(length),
    exact: new Uint8Array(length),
  };
  for (let i = 0; i < length; i++) setBin(bins, i, summary);
  return bins;
}

function setBin(bins: WeightedBins, i: number, { centre, cells, minimum, maximum }: ColumnSummary): void {
  const { keys, counts, sums, squaresHigh, squaresLow, values } = cells!;
  if (!Number.isNaN(values[i])) {
    bins.mean[i] = values[i];
    bins.lower[i] = values[i];
    bins.upper[i] = values[i];
    bins.exact[i] = 1;
    return;
  }
  const sign = (keys[i] & SIGN_KEY) === 0 ? 1 : -1;
  const { near, far } = cellEdges(keys[i]);
  const unit = (far - near) / OFFSETS;
  const meanOffset = sums[i] / counts[i];
  const meanSquare = (squaresHigh[i] / counts[i]) * LIMB + squaresLow[i] / counts[i];
  const ends = [centre + sign * near, centre + sign * far];
  const lower = Math.max(minimum, Math.min(...ends));
  const upper = Math.min(maximum, Math.max(...ends));
  // offsets are rounded down: on average they lie half a unit further out
  const mean = centre + sign * (near + (meanOffset + 0.5) * unit);
  bins.lower[i] = lower;
  bins.upper[i] = upper;
  bins.mean[i] = Math.min(upper, Math.max(lower, mean));
  bins.variance[i] = Math.max(0, meanSquare - meanOffset * meanOffset) * unit * unit;
}

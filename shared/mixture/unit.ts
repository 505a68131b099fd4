import { binQuantiles } from '../numeric/quantiles.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** Origin and unit of a column's fit. */
export interface Unit {
  centre: number;
  /** > 0 */
  scale: number;
}

/** Bins, or values as they are. */
type SpreadValues = Pick<WeightedBins, 'count' | 'mean'> & { variance?: Float64Array };

/** A sentinel may hold a tenth of the rows: where it lies this many times as far as the middle rows, they say the unit. */
const REMOTE = 1e12;

/**
 * Origin and unit of a column's fit: the median, and the range of the middle 80 % of the rows; the standard deviation
 * where that is 0; 1 where that is 0 too. Data shifted or scaled give the same fit, shifted or scaled.
 */
export function unitOf(bins: SpreadValues): Unit {
  if (bins.count.length === 0) return { centre: 0, scale: 1 };
  const [tenth, belowMiddle, centre, aboveMiddle, lastTenth] = binQuantiles(bins, [0.1, 0.4, 0.5, 0.6, 0.9]);
  const range = distance(tenth, lastTenth);
  const middle = distance(belowMiddle, aboveMiddle);
  const spread = range > 0 ? range : standardDeviation(bins, centre);
  const scale = middle > 0 && spread / REMOTE > middle ? middle : spread;
  return { centre, scale: scale > 0 ? scale : 1 };
}

/** No Gaussian that reaches the median reaches farther, in units; squares of such distances still add up to a double. */
export const REACH = 1e140;
const FARTHEST = 1e5 * REACH;

/**
 * (x - centre) / scale, difference first: it is exact where the two are close; not where it overflows. Values far beyond
 * {@link REACH} are all the same to a fit.
 */
export function inUnit(x: number, { centre, scale }: Unit): number {
  const distance = x - centre;
  const u = Math.abs(distance) < Number.POSITIVE_INFINITY ? distance / scale : x / scale - centre / scale;
  return Math.min(FARTHEST, Math.max(-FARTHEST, u));
}

/** Halved, because the difference of two large values of opposite sign may overflow. */
function distance(from: number, to: number): number {
  return 2 * Math.min(to / 2 - from / 2, Number.MAX_VALUE / 4);
}

function standardDeviation({ count, mean, variance }: SpreadValues, centre: number): number {
  const largest = mean.reduce((max, x) => Math.max(max, Math.abs(x / 2 - centre / 2)), 0);
  if (largest === 0) return 0;
  let [rows, sum, squares] = [0, 0, 0];
  for (let i = 0; i < count.length; i++) {
    const d = (mean[i] / 2 - centre / 2) / largest;
    rows += count[i];
    sum += count[i] * d;
    squares += count[i] * (d * d + (variance ? variance[i] / 4 / largest / largest : 0));
  }
  return Math.min(2 * Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2)) * largest, Number.MAX_VALUE / 4);
}

/** A Gaussian is never narrower than this share of a step. */
const NARROWEST = 0.05;

/** Least variance of a Gaussian in a model, for a step. */
export const narrowest = (step: number): number => (NARROWEST * step) ** 2;

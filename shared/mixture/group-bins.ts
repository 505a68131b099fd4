import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { momentsOf } from './moments.ts';
import { mostRepeated } from './most-repeated.ts';
import { inUnit, unitOf } from './unit.ts';

/** Mantissa bits of the grid: 4,096 cells an octave of the distance from the median. */
const MANTISSA_BITS = 12;
/** Dense places are cut finer than the grid: no group holds more than this share of the rows. */
const LARGEST_SHARE = 1 / 16_384;
/** Closer to the median than this, in units of the spread, the grid ends. */
const SMALLEST = 2 ** -14;

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/**
 * Group a great many exact bins on a log-linear grid about the median, so that the dearer merging that follows has
 * tens of thousands of them to deal with, not millions. The most repeated values stay alone.
 */
export function groupBins(bins: WeightedBins): WeightedBins {
  const unit = unitOf(bins);
  const isolated = mostRepeated(bins);
  const largest = bins.count.reduce((sum, rows) => sum + rows, 0) * LARGEST_SHARE;
  const starts: number[] = [];
  let key = -1;
  let rows = 0;
  for (let i = 0; i < bins.count.length; i++) {
    const own = gridKey(inUnit(bins.mean[i], unit));
    const breaks =
      i === 0 || own !== key || isolated[i] === 1 || isolated[i - 1] === 1 || rows + bins.count[i] > largest;
    if (breaks) {
      starts.push(i);
      rows = 0;
    }
    rows += bins.count[i];
    key = own;
  }
  return merged(bins, starts);
}

function gridKey(u: number): number {
  if (Math.abs(u) < SMALLEST) return 0;
  single[0] = u;
  return word[0] >>> (23 - MANTISSA_BITS);
}

function merged(bins: WeightedBins, starts: readonly number[]): WeightedBins {
  const length = starts.length;
  const [count, mean, variance] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const exact = new Uint8Array(length);
  for (let group = 0; group < length; group++) {
    const start = starts[group];
    const end = starts[group + 1] ?? bins.count.length;
    const moments = momentsOf(bins, start, end);
    count[group] = moments.count;
    mean[group] = moments.mean;
    variance[group] = moments.variance;
    exact[group] = end - start === 1 ? bins.exact[start] : 0;
  }
  const lower = Float64Array.from(starts, (start) => bins.lower[start]);
  const upper = Float64Array.from(starts, (_, group) => bins.upper[(starts[group + 1] ?? bins.count.length) - 1]);
  return { count, mean, variance, lower, upper, exact };
}

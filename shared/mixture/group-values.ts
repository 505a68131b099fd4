import { totalOf } from '../numeric/quantiles.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import type { ExactValues } from './exact-values.ts';
import { unionMean, unionVariance } from './moments.ts';
import { mostRepeated } from './most-repeated.ts';
import { inUnit, type Unit, unitOf } from './unit.ts';

/** Mantissa bits of the grid: 4,096 cells an octave of the distance from the median. */
const MANTISSA_BITS = 12;
/** Dense places are cut finer than the grid: no group holds more than this share of the rows. */
const LARGEST_SHARE = 1 / 16_384;
/** Closer to the median than this, in units of the spread, the grid ends. */
const SMALLEST = 2 ** -14;

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/**
 * Group a great many exact values on a log-linear grid about the median, so that the dearer merging that follows has
 * tens of thousands of bins to deal with, not millions. The most repeated values stay alone.
 */
export function groupValues(values: ExactValues): WeightedBins {
  const isolated = mostRepeated(values.count);
  return merged(values, startsOf(values, isolated, unitOf(values), totalOf(values.count) * LARGEST_SHARE));
}

/** Where groups begin. */
function startsOf({ count, mean }: ExactValues, isolated: Uint8Array, unit: Unit, largest: number): Uint32Array {
  const starts = new Uint32Array(count.length);
  let groups = 0;
  let key = -1;
  let reach = Number.NEGATIVE_INFINITY;
  let rows = 0;
  for (let i = 0; i < count.length; i++) {
    const isNear = mean[i] <= reach;
    const own = isNear ? key : gridKey(inUnit(mean[i], unit));
    if (own !== key) reach = reachOf(own, unit);
    if (own !== key || rows + count[i] > largest || isolated[i] === 1 || (i > 0 && isolated[i - 1] === 1)) {
      starts[groups++] = i;
      rows = 0;
    }
    rows += count[i];
    key = own;
  }
  return starts.subarray(0, groups);
}

function gridKey(u: number): number {
  if (Math.abs(u) < SMALLEST) return 0;
  single[0] = u;
  return word[0] >>> (23 - MANTISSA_BITS);
}

/**
 * A value up to which all greater ones than one of the key have that key too: near the end of the grid's cell. Keys grow
 * with values, rounding included, so that to look at one says what lies before it; most values need no key of their own.
 */
function reachOf(key: number, unit: Unit): number {
  word[0] = key === 0 ? 0 : (key << (23 - MANTISSA_BITS)) | (key & SIGN_KEY ? MARGIN : CELL - MARGIN);
  const x = unit.centre + unit.scale * single[0];
  return gridKey(inUnit(x, unit)) === key ? x : Number.NEGATIVE_INFINITY;
}

/** A cell's floats, and how far from its end one is sure to lie in it. */
const CELL = 1 << (23 - MANTISSA_BITS);
const MARGIN = 16;
const SIGN_KEY = 1 << (8 + MANTISSA_BITS);

function merged({ count, mean }: ExactValues, starts: Uint32Array): WeightedBins {
  const array = () => new Float64Array(starts.length);
  const bins: WeightedBins = {
    count: array(),
    mean: array(),
    variance: array(),
    lower: array(),
    upper: array(),
    exact: new Uint8Array(starts.length),
  };
  for (let group = 0; group < starts.length; group++) {
    const start = starts[group];
    const end = group + 1 < starts.length ? starts[group + 1] : count.length;
    let n = count[start];
    let m = mean[start];
    let v = 0;
    for (let i = start + 1; i < end; i++) {
      v = unionVariance(n, m, v, count[i], mean[i], 0);
      m = unionMean(n, m, count[i], mean[i]);
      n += count[i];
    }
    bins.count[group] = n;
    bins.mean[group] = m;
    bins.variance[group] = v;
    bins.lower[group] = mean[start];
    bins.upper[group] = mean[end - 1];
    bins.exact[group] = end - start === 1 ? 1 : 0;
  }
  return bins;
}

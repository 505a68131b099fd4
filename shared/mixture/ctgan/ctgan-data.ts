import type { WeightedBins } from '../../numeric/weighted-bins.ts';

/** Bins about their common mean, and the priors that the column itself sets. */
export interface CtganData {
  length: number;
  /** rows in each bin, and in all */
  count: Float64Array;
  total: number;
  /** of each bin, less `centre`, in units of `scale` */
  mean: Float64Array;
  variance: Float64Array;
  /** mean of the column: the prior mean of every component; 0 in the unit of the fit */
  centre: number;
  /** 1, but for values whose squares would overflow: a power of two, so that nothing is rounded */
  scale: number;
  /** prior covariance: the column's variance (that of a sample), in the unit of the fit */
  covariancePrior: number;
  /** added to every variance: 1e-6 in the column's own unit, whatever that is */
  regularisation: number;
}

/** Squares of smaller values, summed over all rows there can be and divided by the smallest variance, are finite. */
const LARGEST_UNSCALED = 2 ** 400;
const REGULARISATION = 1e-6;

/** Centre the bins: sums of squares about the mean do not cancel. */
export function makeCtganData({ count, mean, variance }: WeightedBins): CtganData {
  const length = count.length;
  const scale = scaleOf(mean);
  const origin = mean[0] / scale;
  let total = 0;
  let sum = 0;
  for (let b = 0; b < length; b++) {
    total += count[b];
    sum += count[b] * (mean[b] / scale - origin);
  }
  const meanOffset = sum / total;
  // difference to a value first: shifting the data by a whole number then changes no bit of the fit
  const centred = mean.map((x) => x / scale - origin - meanOffset);
  const scaledVariance = variance.map((v) => v / scale / scale);
  let squares = 0;
  for (let b = 0; b < length; b++) squares += count[b] * (scaledVariance[b] + centred[b] * centred[b]);
  return {
    length,
    count,
    total,
    mean: centred,
    variance: scaledVariance,
    centre: (origin + meanOffset) * scale,
    scale,
    covariancePrior: squares / Math.max(1, total - 1),
    regularisation: REGULARISATION / scale / scale,
  };
}

function scaleOf(values: Float64Array): number {
  let largest = 0;
  for (const x of values) largest = Math.max(largest, Math.abs(x));
  // the logarithm of the largest doubles rounds up to 1024
  return largest < LARGEST_UNSCALED ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
}

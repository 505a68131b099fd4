import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { inUnit, REACH, type Unit, unitOf } from './unit.ts';

/** The bins of a fit in its own unit, u = (x - centre) / scale. */
export interface FitData extends Unit {
  length: number;
  /** rows in each bin, and in all */
  count: Float64Array;
  total: number;
  /** mean of each bin */
  mean: Float64Array;
  /** spread of each bin's values about its mean, plus that of a value within its step, and what no Gaussian is without */
  variance: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
  /** 1 where the bin is one value: it may become an atom */
  exact: Uint8Array;
  /** the column's step */
  step: number;
  /** variance of a value within its step, step^2 / 12: no Gaussian can be narrower */
  stepVariance: number;
}

/**
 * Bring bins into the unit of the fit.
 *
 * Values are seen as uniform within their step, which adds step^2/12 to every variance: no Gaussian can collapse onto
 * a value, so no prior is needed to prevent it.
 */
export function makeFitData(bins: WeightedBins, resolution: number, unit: Unit = unitOf(bins)): FitData {
  const { centre, scale } = unit;
  const toUnit = (x: number) => inUnit(x, unit);
  const step = Math.min(LARGEST_STEP, Math.max(resolution / scale, SMALLEST_STEP));
  const stepVariance = (step * step) / 12;
  const leastVariance = stepVariance + (NARROWEST_DEVIATION / scale) ** 2;
  return {
    length: bins.count.length,
    count: bins.count,
    total: bins.count.reduce((sum, rows) => sum + rows, 0),
    mean: bins.mean.map(toUnit),
    variance: bins.variance.map((v) => Math.min(v / scale / scale, REACH * REACH) + leastVariance),
    lower: bins.lower.map(toUnit),
    upper: bins.upper.map(toUnit),
    exact: bins.exact,
    step,
    stepVariance,
    centre,
    scale,
  };
}

/** Beyond these a step's square would underflow or overflow. */
const SMALLEST_STEP = 1e-150;
const LARGEST_STEP = 1e150;

/**
 * Narrower Gaussians would have an inverse standard deviation that is no double. To columns of ordinary numbers this is
 * 0; of subnormal ones a fit must know it, or it would rely on Gaussians that cannot be written down.
 */
const NARROWEST_DEVIATION = 2 ** -1022;

import { digamma } from '../../numeric/digamma.ts';
import type { CtganData } from './ctgan-data.ts';
import type { Statistics } from './statistics.ts';

/**
 * The variational posterior of a Dirichlet process mixture of Gaussians in one dimension, in the unit of the fit. The
 * order of the components is that of the sticks, and never changes during a fit.
 */
export interface Posterior {
  nComponents: number;
  mean: Float64Array;
  /** of each mean, in rows */
  meanPrecision: Float64Array;
  degreesOfFreedom: Float64Array;
  /** already divided by the degrees of freedom */
  covariance: Float64Array;
  /** the sticks are Beta(stickA, stickB) */
  stickA: Float64Array;
  stickB: Float64Array;
}

/** Concentration of the weights. */
const WEIGHT_CONCENTRATION_PRIOR = 0.001;
const MEAN_PRECISION_PRIOR = 1;
const DEGREES_OF_FREEDOM_PRIOR = 1;
/** Rows that an empty component is said to have, so that nothing is divided by 0. */
const NO_ROWS = 10 * Number.EPSILON;

export function makePosterior(nComponents: number): Posterior {
  const array = () => new Float64Array(nComponents);
  return {
    nComponents,
    mean: array(),
    meanPrecision: array(),
    degreesOfFreedom: array(),
    covariance: array(),
    stickA: array(),
    stickB: array(),
  };
}

/**
 * The M step: the posterior that maximizes the bound under the responsibilities that `statistics` sums up, about the
 * means that `posterior` had; overwrites `posterior`.
 *
 * @see Bishop (2006), Pattern Recognition and Machine Learning, eq. 10.60-10.63
 * @see Blei and Jordan (2006), Variational inference for Dirichlet process mixtures, eq. 18-19: the sticks
 */
export function updatePosterior(data: CtganData, statistics: Statistics, posterior: Posterior): void {
  const { mean, meanPrecision, degreesOfFreedom, covariance, stickA, stickB } = posterior;
  let later = 0;
  for (let k = posterior.nComponents - 1; k >= 0; k--) {
    const rows = statistics.rows[k] + NO_ROWS;
    const shift = statistics.offset[k] / rows;
    const xbar = mean[k] + shift;
    const spread = Math.max(0, statistics.spread[k] / rows - shift * shift) + data.regularisation;
    meanPrecision[k] = MEAN_PRECISION_PRIOR + rows;
    degreesOfFreedom[k] = DEGREES_OF_FREEDOM_PRIOR + rows;
    // the prior mean is 0 in the unit of the fit
    mean[k] = (rows * xbar) / meanPrecision[k];
    const pull = ((MEAN_PRECISION_PRIOR * rows) / meanPrecision[k]) * xbar * xbar;
    covariance[k] = (data.covariancePrior + rows * spread + pull) / degreesOfFreedom[k];
    stickA[k] = 1 + rows;
    stickB[k] = WEIGHT_CONCENTRATION_PRIOR + later;
    later += rows;
  }
}

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * The part of each component's expected log density that does not depend on the value: with it,
 * L_k(x) = g_k - (x - mean_k)^2 / (2 covariance_k), and the responsibilities are exp(L_k) over their sum.
 *
 * @param logScales g_k, [nComponents], overwritten
 * @see Bishop (2006), Pattern Recognition and Machine Learning, eq. 10.64-10.66
 */
export function expectedLogScales(posterior: Posterior, logScales: Float64Array): void {
  const { nComponents, meanPrecision, degreesOfFreedom, covariance, stickA, stickB } = posterior;
  let rest = 0;
  for (let k = 0; k < nComponents; k++) {
    const both = digamma(stickA[k] + stickB[k]);
    const logWeight = digamma(stickA[k]) - both + rest;
    rest += digamma(stickB[k]) - both;
    const nu = degreesOfFreedom[k];
    const precision = Math.LN2 + digamma(nu / 2) - Math.log(nu) - Math.log(covariance[k]);
    logScales[k] = logWeight - HALF_LOG_TWO_PI + 0.5 * (precision - 1 / meanPrecision[k]);
  }
}

/** Expected shares of the sticks, scaled to sum to 1. */
export function weightsOf({ nComponents, stickA, stickB }: Posterior): Float64Array {
  const weights = new Float64Array(nComponents);
  let rest = 1;
  let total = 0;
  for (let k = 0; k < nComponents; k++) {
    const both = stickA[k] + stickB[k];
    weights[k] = (stickA[k] / both) * rest;
    rest *= stickB[k] / both;
    total += weights[k];
  }
  return weights.map((weight) => weight / total);
}

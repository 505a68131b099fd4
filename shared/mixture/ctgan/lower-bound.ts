import { logBeta, logGamma } from '../../numeric/log-gamma.ts';
import type { Posterior } from './posterior.ts';

/**
 * The bound on the log evidence, in nats over all rows, constants dropped.
 *
 * @param entropy of the responsibilities that `posterior` was fitted to
 * @see Bishop (2006), Pattern Recognition and Machine Learning, eq. 10.70-10.77
 */
export function lowerBound(posterior: Posterior, entropy: number): number {
  const { nComponents, meanPrecision, degreesOfFreedom, covariance, stickA, stickB } = posterior;
  let bound = entropy;
  for (let k = 0; k < nComponents; k++) {
    const nu = degreesOfFreedom[k];
    const logWishart = logGamma(nu / 2) + 0.5 * nu * (Math.LN2 - Math.log(covariance[k]) - Math.log(nu));
    bound += logWishart + logBeta(stickA[k], stickB[k]) - 0.5 * Math.log(meanPrecision[k]);
  }
  return bound;
}

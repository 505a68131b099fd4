import type { Component } from '../../contract/model.ts';
import { uniform } from '../../numeric/draw.ts';
import type { WeightedBins } from '../../numeric/weighted-bins.ts';
import type { MixtureFit } from '../fit-mixture.ts';
import { scoreBins } from '../score.ts';
import { type CtganData, makeCtganData } from './ctgan-data.ts';
import { kMeansLabels } from './k-means.ts';
import { lowerBound } from './lower-bound.ts';
import { expectedLogScales, makePosterior, type Posterior, updatePosterior, weightsOf } from './posterior.ts';
import { makeStatistics, sumLabels, sumResponsibilities } from './statistics.ts';

export interface CtganOptions {
  /** the column's step, > 0: only for the score in bits */
  resolution: number;
  /** 1..100; rows, where they are fewer */
  maxComponents: number;
  /** label of each bin to begin with, [bins], in 0..maxComponents - 1; else found by k-means */
  initialLabels?: Int32Array;
  /** uniform numbers in [0, 1) for the seeding of k-means; the same ones in every fit, unless given */
  random?: () => number;
}

/** Stop when the bound, a sum over rows, rises by less. */
const TOLERANCE = 1e-3;
const MAX_ITERATIONS = 100;
/** Components of at most this weight are pruned: they take their share of a value but are never chosen. */
const WEIGHT_THRESHOLD = 0.005;

/**
 * Fit the reference's mixture: the Dirichlet process mixture of Gaussians that CTGAN's transformer fits with
 * scikit-learn's BayesianGaussianMixture, with its priors, initialisation, stopping rule and pruning. With one bin a
 * distinct value and the same initial labels the result is scikit-learn's.
 *
 * @param bins ascending; their total is the number of rows
 * @returns components by falling weight, pruned ones last; their weights sum to 1, pruned ones included; `logScale` is
 *   the expected log density at the mean, and `objective` the lower bound in nats over all rows
 * @throws {RangeError} if the labels do not fit the bins
 * @see Pedregosa et al. (2011), Scikit-learn: machine learning in Python; sklearn.mixture.BayesianGaussianMixture
 */
export function fitCtgan(bins: WeightedBins, options: CtganOptions): MixtureFit {
  if (bins.count.length === 0) return withoutRows();
  const data = makeCtganData(bins);
  const nComponents = Math.max(1, Math.min(options.maxComponents, Math.floor(data.total)));
  const labels = options.initialLabels ?? kMeansLabels(data, nComponents, options.random ?? countingRandom());
  checkLabels(labels, data.length, nComponents);

  const posterior = makePosterior(nComponents);
  const statistics = makeStatistics(nComponents);
  sumLabels(data, labels, posterior, statistics);
  updatePosterior(data, statistics, posterior);
  let bound = Number.NEGATIVE_INFINITY;
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < MAX_ITERATIONS) {
    sumResponsibilities(data, posterior, statistics);
    updatePosterior(data, statistics, posterior);
    const next = lowerBound(posterior, statistics.entropy);
    converged = Math.abs(next - bound) < TOLERANCE;
    bound = next;
    iterations++;
  }
  const components = componentsOf(data, posterior);
  const { bitsPerValue } = scoreBins(bins, components, options.resolution);
  return { components, bitsPerValue, objective: bound, iterations, converged };
}

/** In the column's own unit, by falling weight; pruning by weight leaves the pruned ones last. */
function componentsOf({ centre, scale }: CtganData, posterior: Posterior): Component[] {
  const weights = weightsOf(posterior);
  const logScales = new Float64Array(posterior.nComponents);
  expectedLogScales(posterior, logScales);
  const components = Array.from(
    weights,
    (weight, k): Component => ({
      kind: 'gaussian',
      weight,
      // the sum first: the distance of two values of opposite sign may overflow
      mean: scale * (centre / scale + posterior.mean[k]),
      standardDeviation: Math.min(Number.MAX_VALUE, scale * Math.sqrt(posterior.covariance[k])),
      logScale: logScales[k] - Math.log(scale),
      pruned: !(weight > WEIGHT_THRESHOLD),
    }),
  );
  return components.sort((a, b) => b.weight - a.weight || a.mean - b.mean);
}

function withoutRows(): MixtureFit {
  const logScale = -Math.log(2 * Math.PI) / 2;
  return {
    components: [{ kind: 'gaussian', weight: 1, mean: 0, standardDeviation: 1, logScale, pruned: false }],
    bitsPerValue: null,
    objective: null,
    iterations: 0,
    converged: true,
  };
}

function checkLabels(labels: Int32Array, length: number, nComponents: number): void {
  if (labels.length !== length)
    throw new RangeError(`initialLabels must be one a bin, ${length}, got ${labels.length}`);
  for (const label of labels) {
    if (label >= 0 && label < nComponents) continue;
    throw new RangeError(`initialLabels must be in 0..${nComponents - 1}, got ${label}`);
  }
}

/** The reference's seed; any other would do. */
const SEED = 42;

function countingRandom(): () => number {
  let draws = 0;
  return () => uniform(SEED, 0, draws++);
}

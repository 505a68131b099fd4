import { beforeAll, describe, expect, it } from 'vitest';
import { fitCtgan } from '../../../shared/mixture/ctgan/fit-ctgan.ts';
import type { MixtureFit } from '../../../shared/mixture/fit-mixture.ts';
import type { WeightedBins } from '../../../shared/numeric/weighted-bins.ts';
import { binsOf, golden, goldenRows, labelsOf } from '../../golden/mixture/columns.ts';
import { meanLogLikelihood } from './mean-log-likelihood.ts';

const RESOLUTION = 0.01;

describe.each(golden.columns)('fitCtgan on $name ($rows rows)', (column) => {
  let bins: WeightedBins;
  let fit: MixtureFit;
  /** scikit-learn's components by falling weight */
  let order: number[];

  beforeAll(async () => {
    const rows = await goldenRows(column);
    expect(rows.reduce((sum, x) => sum + x, 0)).toBe(column.sum);
    bins = binsOf(rows);
    expect(bins.count.length).toBe(column.distinct);
    const { maxComponents, weights, means } = column;
    fit = fitCtgan(bins, { resolution: RESOLUTION, maxComponents, initialLabels: labelsOf(column, bins) });
    order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || means[a] - means[b]);
  });

  it('from the same labels ends where scikit-learn does, after as many iterations', () => {
    expect([fit.iterations, fit.converged]).toEqual([column.iterations, column.converged]);
    expect(fit.components).toHaveLength(column.maxComponents);
    for (const [i, component] of fit.components.entries()) {
      const j = order[i];
      const sd = Math.sqrt(column.covariances[j]);
      expect(Math.abs(component.weight - column.weights[j])).toBeLessThanOrEqual(1e-9);
      // scikit-learn evaluates x p - m p, which loses digits where |x| is many standard deviations
      expect(Math.abs(component.mean - column.means[j])).toBeLessThanOrEqual(1e-9 * Math.max(1, sd));
      expect(Math.abs(component.standardDeviation ** 2 / column.covariances[j] - 1)).toBeLessThanOrEqual(1e-9);
      expect(component.pruned).toBe(!(column.weights[j] > 0.005));
    }
  });

  it('has the same lower bound and likelihood', () => {
    expect(Math.abs(fit.objective! / column.lowerBound - 1)).toBeLessThanOrEqual(1e-9);
    expect(meanLogLikelihood(bins, fit.components)).toBeCloseTo(column.scores[0], 9);
  });

  it('gives values the same responsibilities', () => {
    for (const [x, expected] of column.probes) {
      const densities = fit.components.map(({ logScale, mean, standardDeviation }) =>
        Math.exp(logScale! - ((x - mean) / standardDeviation) ** 2 / 2),
      );
      const total = densities.reduce((a, b) => a + b);
      for (const [i, density] of densities.entries()) {
        // the weights of the golden file and these may differ by 1e-9, and their logarithms with the rows
        expect(Math.abs(density / total - expected[order[i]])).toBeLessThanOrEqual(1e-8);
      }
    }
  });

  it('from labels of its own is as likely as the likeliest and least likely of five seeds, to 0.005 nats', () => {
    const free = fitCtgan(bins, { resolution: RESOLUTION, maxComponents: column.maxComponents });
    const likelihood = meanLogLikelihood(bins, free.components);
    expect(likelihood).toBeGreaterThanOrEqual(Math.min(...column.scores) - 0.005);
    expect(likelihood).toBeLessThanOrEqual(Math.max(...column.scores) + 0.005);
    if (column.rows > column.maxComponents) {
      expect(Math.abs(likelihood - column.scores[0])).toBeLessThanOrEqual(0.005);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { fitCtgan } from '../../../shared/mixture/ctgan/fit-ctgan.ts';
import type { MixtureFit } from '../../../shared/mixture/fit-mixture.ts';
import type { WeightedBins } from '../../../shared/numeric/weighted-bins.ts';
import { binsOf } from '../../golden/mixture/columns.ts';
import { drawn } from '../../support/random.ts';
import { meanLogLikelihood } from './mean-log-likelihood.ts';

const fitRows = (values: readonly number[] | Float64Array, maxComponents = 10) =>
  fitCtgan(binsOf(Float64Array.from(values)), { resolution: 1, maxComponents });

function expectValid({ components, objective, bitsPerValue }: MixtureFit, maxComponents: number) {
  expect(components.length).toBeLessThanOrEqual(maxComponents);
  expect(components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(components[0].pruned).toBe(false);
  for (const [i, component] of components.entries()) {
    const { kind, weight, mean, standardDeviation, logScale, pruned } = component;
    expect(kind).toBe('gaussian');
    expect(standardDeviation).toBeGreaterThan(0);
    for (const figure of [weight, mean, standardDeviation, logScale]) expect(Number.isFinite(figure)).toBe(true);
    expect(pruned).toBe(weight <= 0.005);
    if (i > 0) expect(components[i - 1].weight).toBeGreaterThanOrEqual(weight);
  }
  if (objective !== null) expect(Number.isFinite(objective)).toBe(true);
  if (bitsPerValue !== null) expect(Number.isFinite(bitsPerValue)).toBe(true);
}

describe('fitCtgan', () => {
  it.each<[string, number[]]>([
    ['nothing', []],
    ['one row', [7]],
    ['two rows', [1, 2]],
    ['one value', new Array(100).fill(3)],
    ['two values', [...new Array(99).fill(0), 1]],
    ['neighbours', [1, 1 + Number.EPSILON, 1, 1]],
    ['subnormals', [5e-324, 1e-320, -1e-310, 0]],
    ['the largest of both signs', [1.7e308, -1.7e308, 0, 1, 1.7e308]],
    ['every magnitude', Array.from({ length: 200 }, (_, i) => (i % 2 ? -1 : 1) * 10 ** (3 * i - 300))],
    ['2^63 - 1', [2 ** 63, 2 ** 63, 0, 5]],
    ['small steps far out', Array.from({ length: 50 }, (_, i) => 1e9 + i * 1e-6)],
  ])('gives a valid mixture for %s', (_, values) => {
    for (const maxComponents of [1, 10, 100]) {
      const finite = values.filter(Number.isFinite);
      const bins = binsOf(Float64Array.from(finite));
      expectValid(fitCtgan(bins, { resolution: 1, maxComponents }), maxComponents);
    }
  });

  it('puts one value at its mean', () => {
    const { components } = fitRows(new Array(50).fill(12.5));
    expect(components[0].mean).toBe(12.5);
    expect(components[0].weight).toBeGreaterThan(0.99);
  });

  it('takes as many components as there are rows, where these are fewer', () => {
    expect(fitRows([1, 2, 4]).components).toHaveLength(3);
  });

  it('prunes components that explain almost nothing, and keeps them at the end', () => {
    const rows = drawn(2000, 1, ({ uniform, normal }) => (uniform() < 0.5 ? normal() : 50 + normal()));
    const { components } = fitRows(rows);
    const kept = components.filter(({ pruned }) => !pruned);
    expect(kept.length).toBeLessThan(components.length);
    expect(components.slice(0, kept.length)).toEqual(kept);
  });

  it('fits coarse bins nearly as well as the rows they hold', () => {
    const rows = drawn(4000, 3, ({ uniform, normal }) => (uniform() < 0.7 ? 3 * normal() : 20 + 2 * normal())).sort();
    const size = 8;
    const groups = Array.from({ length: rows.length / size }, (_, i) => rows.subarray(i * size, (i + 1) * size));
    const mean = Float64Array.from(groups, (group) => group.reduce((a, b) => a + b) / size);
    const bins = {
      count: new Float64Array(groups.length).fill(size),
      mean,
      variance: Float64Array.from(groups, (group, i) => group.reduce((sum, x) => sum + (x - mean[i]) ** 2, 0) / size),
      lower: Float64Array.from(groups, (group) => group[0]),
      upper: Float64Array.from(groups, (group) => group[size - 1]),
      exact: new Uint8Array(groups.length),
    };
    const likelihoodOf = (fitted: WeightedBins) => {
      const { components } = fitCtgan(fitted, { resolution: 0.01, maxComponents: 10 });
      return meanLogLikelihood(binsOf(rows), components);
    };
    expect(Math.abs(likelihoodOf(bins) - likelihoodOf(binsOf(rows)))).toBeLessThan(0.002);
  });

  it('refuses labels that do not fit the bins', () => {
    const bins = binsOf(Float64Array.of(1, 2, 3));
    const options = { resolution: 1, maxComponents: 2 };
    const start = (...labels: number[]) => fitCtgan(bins, { ...options, initialLabels: Int32Array.from(labels) });
    expect(() => start(0, 1)).toThrow('initialLabels must be one a bin, 3, got 2');
    expect(() => start(0, 1, 2)).toThrow('initialLabels must be in 0..1, got 2');
    expect(() => start(0, -1, 1)).toThrow('initialLabels must be in 0..1, got -1');
  });
});

import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture, type MixtureFit } from '../../shared/mixture/fit-mixture.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { drawn, type seededRandom } from '../support/random.ts';

type Draw = ReturnType<typeof seededRandom>;

function fitted(values: ArrayLike<number>, decimals: number | null = null, maxComponents = 10): MixtureFit {
  const rows = Float64Array.from(values);
  const resolution = resolutionOf(rows, decimals);
  return fitMixture(binRows(rows, null, resolution), { resolution, maxComponents });
}

function expectValid({ components, converged, bitsPerValue, objective }: MixtureFit, maxComponents = 10): void {
  expect(components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(components.length).toBeLessThanOrEqual(maxComponents);
  expect(components.some(({ kind }) => kind === 'gaussian')).toBe(true);
  expect(converged).toBe(true);
  expect([bitsPerValue, objective].every((x) => x === null || Number.isFinite(x))).toBe(true);
  components.forEach((component, k) => {
    const { kind, weight, mean, standardDeviation, logScale } = component;
    expect(Number.isFinite(mean)).toBe(true);
    expect(kind === 'atom' ? standardDeviation === 0 : standardDeviation > 0).toBe(true);
    if (kind === 'atom' || weight === 0) expect(logScale).toBeNull();
    else expect(logScale).toBeCloseTo(Math.log(weight) - Math.log(standardDeviation) - Math.log(2 * Math.PI) / 2, 12);
    if (k > 0) expect(byWeight(components[k - 1], component)).toBeLessThanOrEqual(0);
  });
}

const byWeight = (a: Component, b: Component) => b.weight - a.weight || a.mean - b.mean;
const atomsOf = ({ components }: MixtureFit) => components.filter(({ kind }) => kind === 'atom');

describe('fitMixture', () => {
  it('finds three separated modes, their weights, means and standard deviations', () => {
    const found = fitted(
      drawn(50_000, 1, ({ normal, uniform }) => {
        const which = uniform();
        return which < 0.5 ? 100 + normal() : which < 0.8 ? -20 + 5 * normal() : 500 + 0.1 * normal();
      }),
    );
    expectValid(found);
    // a cover for the rows farthest out may stand beside them
    expect(found.components.slice(3).every(({ weight }) => weight < 1e-3)).toBe(true);
    const planted = [
      { weight: 0.5, mean: 100, standardDeviation: 1 },
      { weight: 0.3, mean: -20, standardDeviation: 5 },
      { weight: 0.2, mean: 500, standardDeviation: 0.1 },
    ];
    found.components.slice(0, 3).forEach(({ weight, mean, standardDeviation }, k) => {
      // five standard errors of 50,000 rows
      expect(Math.abs(weight - planted[k].weight)).toBeLessThan(0.012);
      expect(Math.abs(mean - planted[k].mean) / planted[k].standardDeviation).toBeLessThan(0.05);
      expect(Math.abs(standardDeviation / planted[k].standardDeviation - 1)).toBeLessThan(0.05);
    });
  });

  it('finds an atom at 0 where 60 % of the rows are 0', () => {
    const values = drawn(50_000, 2, ({ normal, uniform }) => (uniform() < 0.6 ? 0 : Math.exp(4 + normal())));
    const found = fitted(values);
    expectValid(found);
    expect(atomsOf(found).map(({ mean }) => mean)).toEqual([0]);
    expect(atomsOf(found)[0].weight).toBeCloseTo(values.filter((x) => x === 0).length / values.length, 5);
  });

  it('finds a sentinel of 0.3 % of the rows, exactly', () => {
    const values = drawn(50_000, 3, ({ uniform }) => (uniform() < 0.003 ? 99_999 : -100 * Math.log(uniform())));
    const found = fitted(values);
    expectValid(found);
    expect(atomsOf(found).map(({ mean }) => mean)).toEqual([99_999]);
    expect(atomsOf(found)[0].weight).toBeCloseTo(values.filter((x) => x === 99_999).length / values.length, 4);
  });

  it('finds a sentinel that is the largest double, and what it shares the column with', () => {
    const found = fitted(drawn(20_000, 4, ({ normal, uniform }) => (uniform() < 0.1 ? -Number.MAX_VALUE : normal())));
    expectValid(found);
    expect(atomsOf(found).map(({ mean }) => mean)).toEqual([-Number.MAX_VALUE]);
    const [bulk] = found.components;
    expect([bulk.mean, bulk.standardDeviation - 1].map((x) => Math.abs(x) < 0.05)).toEqual([true, true]);
  });

  it('sees no atoms in rounded ages', () => {
    const ages = drawn(30_000, 5, ({ normal, uniform }) => {
      const which = uniform();
      return Math.round(which < 0.5 ? 40 + 8 * normal() : which < 0.85 ? 55 + 9 * normal() : 72 + 7 * normal());
    });
    const found = fitted(ages, 0);
    expectValid(found);
    expect(atomsOf(found)).toEqual([]);
  });

  it('says the same for shifted rows, shifted', () => {
    // multiples of 2^-10, so that neither set of rows is rounded
    const values = drawn(5000, 6, ({ normal }) => Math.round(1024 * Math.exp(normal())) / 1024);
    const [here, there] = [fitted(values), fitted(values.map((x) => x - 4096))];
    expect(there.components).toHaveLength(here.components.length);
    // means of bins are rounded at either place
    there.components.forEach(({ weight, mean, standardDeviation }, k) => {
      expect(weight).toBeCloseTo(here.components[k].weight, 9);
      expect(mean + 4096).toBeCloseTo(here.components[k].mean, 9);
      expect(standardDeviation).toBeCloseTo(here.components[k].standardDeviation, 9);
    });
  });

  it('says the same for scaled rows, scaled', () => {
    const values = drawn(4000, 7, ({ normal, uniform }) => (uniform() < 0.3 ? 2 : Math.exp(normal())));
    const unscaled = fitted(values);
    // powers of two scale without rounding; beyond 2^500 the squares of values are no doubles, and digits go
    for (const [factor, digits] of [
      [2 ** -100, 12],
      [2 ** 100, 12],
      [2 ** -900, 3],
      [2 ** 900, 3],
    ]) {
      const scaled = fitted(values.map((x) => x * factor));
      expect(scaled.components.map(({ kind }) => kind)).toEqual(unscaled.components.map(({ kind }) => kind));
      scaled.components.forEach(({ weight, mean }, k) => {
        expect(weight).toBeCloseTo(unscaled.components[k].weight, digits);
        expect(mean / factor / unscaled.components[k].mean).toBeCloseTo(1, digits - 1);
      });
      expect(scaled.bitsPerValue).toBeCloseTo(unscaled.bitsPerValue!, digits);
    }
  });

  it('takes as many components as it is given at most, atoms included', () => {
    const values = drawn(5000, 8, ({ normal, uniform }) => Math.round(5 * uniform()) * 100 + normal());
    for (const most of [1, 2, 3, 7]) expectValid(fitted(values, null, most), most);
    const found = fitted(values, null, 1);
    expect(found.components.map(({ kind, weight }) => [kind, weight])).toEqual([['gaussian', 1]]);
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(found.components[0].mean).toBeCloseTo(mean, 9);
  });

  it('makes a Gaussian for a column without rows', () => {
    expect(fitted([])).toEqual({
      components: [
        {
          kind: 'gaussian',
          weight: 1,
          mean: 0,
          standardDeviation: 1,
          logScale: -Math.log(2 * Math.PI) / 2,
          pruned: false,
        },
      ],
      bitsPerValue: null,
      objective: null,
      iterations: 0,
      converged: true,
    });
  });

  it('puts a Gaussian of weight 0 beside the one value of a constant column', () => {
    for (const values of [[5000], new Array(1000).fill(5000)]) {
      const found = fitted(values, 0);
      expectValid(found);
      expect(
        found.components.map(({ kind, weight, mean, standardDeviation, logScale }) => [
          kind,
          weight,
          mean,
          standardDeviation,
          logScale,
        ]),
      ).toEqual([
        ['atom', 1, 5000, 0, null],
        ['gaussian', 0, 5000, 5, null],
      ]);
      expect(found.bitsPerValue).toBeCloseTo(0, 12);
    }
    expectValid(fitted([5000, 5000], 0, 1), 1);
  });

  it('puts a Gaussian of weight 0 beside atoms that hold all rows', () => {
    const values = drawn(3000, 9, ({ uniform }) => (uniform() < 0.7 ? -1e6 : 1e6));
    const found = fitted(values, 0);
    expectValid(found);
    expect(atomsOf(found).map(({ mean }) => mean)).toEqual([-1e6, 1e6]);
    expect(found.components.at(-1)).toMatchObject({ kind: 'gaussian', weight: 0, mean: -1e6, standardDeviation: 1000 });
  });

  it.each([
    ['two rows', [1, 2]],
    ['two rows an ulp apart', [1, 1 + Number.EPSILON]],
    ['the two largest doubles', [Number.MAX_VALUE, -Number.MAX_VALUE]],
    ['zero and the smallest doubles', [0, Number.MIN_VALUE, -Number.MIN_VALUE, 1e-310]],
  ])('survives %s', (_, values) => expectValid(fitted(values)));

  it.each([
    ['a narrow mode far from 0', ({ normal }: Draw) => 1e9 + normal()],
    ['a tiny scale', ({ normal }: Draw) => 1e-9 * normal()],
    ['subnormal values', ({ normal }: Draw) => 1e-310 * normal()],
    ['values to the largest double', ({ uniform }: Draw) => Number.MAX_VALUE * (2 * uniform() - 1)],
    ['values an ulp apart', ({ uniform }: Draw) => 1 + Math.round(4000 * uniform()) * Number.EPSILON],
    ['alternating extremes', ({ normal, uniform }: Draw) => (uniform() < 0.5 ? -1e308 : 1e308) + 1e300 * normal()],
    [
      'values of every magnitude',
      ({ normal, uniform }: Draw) => 10 ** (300 * (2 * uniform() - 1)) * Math.sign(normal()),
    ],
    ['heavy tails', ({ uniform }: Draw) => Math.tan(Math.PI * (uniform() - 0.5))],
  ])('survives %s', (_, draw) => {
    for (const seed of [10, 11, 12]) expectValid(fitted(drawn(2500, seed, draw), null, 4), 4);
  });

  it('takes counts of a thousand million rows a value', () => {
    const bins = binRows(Float64Array.of(0, 1, 2, 3, 50), Float64Array.of(1e9, 2e9, 2e9, 1e9, 5e8), 1);
    expectValid(fitMixture(bins, { resolution: 1, maxComponents: 10 }));
  });
});

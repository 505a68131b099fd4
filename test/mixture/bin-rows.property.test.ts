import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { reduceBins } from '../../shared/mixture/reduce-bins.ts';
import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';
import { drawn, seededRandom } from '../support/random.ts';

const sum = (array: Float64Array) => array.reduce((a, b) => a + b, 0);

/** Mean and population variance of all rows, from the bins. */
function moments({ count, mean, variance }: WeightedBins) {
  const rows = sum(count);
  const centre = sum(count.map((n, i) => n * mean[i])) / rows;
  return { rows, centre, variance: sum(count.map((n, i) => n * (variance[i] + (mean[i] - centre) ** 2))) / rows };
}

function expectValid(bins: WeightedBins): void {
  for (let i = 0; i < bins.count.length; i++) {
    expect(bins.count[i]).toBeGreaterThan(0);
    expect(bins.lower[i] <= bins.mean[i] && bins.mean[i] <= bins.upper[i]).toBe(true);
    expect(bins.variance[i] >= 0 && bins.variance[i] < Number.POSITIVE_INFINITY).toBe(true);
    if (i > 0) expect(bins.upper[i - 1]).toBeLessThan(bins.lower[i]);
    if (bins.exact[i] === 1)
      expect([bins.lower[i], bins.upper[i], bins.variance[i]]).toEqual([bins.mean[i], bins.mean[i], 0]);
  }
}

const shuffled = <T extends Float64Array>(values: T, seed: number): T => {
  const { uniform } = seededRandom(seed);
  const result = values.slice() as T;
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
};

const CONTINUOUS = drawn(30_000, 1, ({ normal, uniform }) => (uniform() < 0.1 ? 7 : Math.exp(2 + normal())));

describe('binRows', () => {
  it('gives each distinct value its exact bin while they are few', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 100 }), (list) => {
        const bins = binRows(Float64Array.from(list), null, 1);
        const distinct = [...new Set(list.map((x) => x + 0))].sort((a, b) => a - b);
        expect([...bins.mean]).toEqual(distinct);
        expect([...bins.count]).toEqual(distinct.map((x) => list.filter((y) => y === x).length));
        expect([...bins.exact]).toEqual(distinct.map(() => 1));
      }),
    );
  });

  it('does not depend on the order of rows, weighted or not, to the bit', () => {
    const order = shuffled(Float64Array.from(CONTINUOUS.keys()), 2);
    const weights = drawn(CONTINUOUS.length, 3, ({ uniform }) => 0.1 + uniform());
    const reordered = (values: Float64Array) => Float64Array.from(order, (i) => values[i]);
    expect(binRows(reordered(CONTINUOUS), null, 1e-6)).toEqual(binRows(CONTINUOUS, null, 1e-6));
    expect(binRows(reordered(CONTINUOUS), reordered(weights), 1e-6)).toEqual(binRows(CONTINUOUS, weights, 1e-6));
  });

  it('counts a weight as that many rows', () => {
    const values = drawn(3000, 4, ({ uniform }) => Math.floor(50 * uniform()));
    const twice = new Float64Array(2 * values.length);
    twice.set(values);
    twice.set(values, values.length);
    expect(binRows(values, new Float64Array(values.length).fill(2), 1)).toEqual(binRows(twice, null, 1));
  });

  it('reduces any number of distinct values to at most 2,048 bins that keep rows, mean and variance', () => {
    const bins = binRows(CONTINUOUS, null, 1e-6);
    expect(bins.count.length).toBe(2048);
    expectValid(bins);
    const [reduced, exact] = [moments(bins), moments(reduceBins(binsOfEach(CONTINUOUS), 1e-6, CONTINUOUS.length))];
    expect(reduced.rows).toBe(CONTINUOUS.length);
    expect(reduced.centre / exact.centre).toBeCloseTo(1, 12);
    expect(reduced.variance / exact.variance).toBeCloseTo(1, 10);
  });

  it('keeps a much repeated value among dense others as an exact bin', () => {
    const bins = binRows(CONTINUOUS, null, 1e-6);
    const at = bins.mean.indexOf(7);
    expect([bins.exact[at], bins.count[at]]).toEqual([1, CONTINUOUS.filter((x) => x === 7).length]);
  });

  it.each([
    ['values up to the largest double', ({ uniform }: Draw) => Number.MAX_VALUE * (2 * uniform() - 1)],
    ['values of every magnitude', ({ uniform }: Draw) => 10 ** (600 * uniform() - 300)],
    ['values an ulp apart', ({ uniform }: Draw) => 1 + Math.round(4000 * uniform()) * Number.EPSILON],
    ['subnormal values', ({ uniform }: Draw) => Math.round(1e9 * uniform()) * Number.MIN_VALUE],
  ])('survives %s', (_, draw) => {
    const bins = binRows(drawn(6000, 5, draw), null, 1);
    expect(bins.count.length).toBeLessThanOrEqual(2048);
    expectValid(bins);
    expect(sum(bins.count)).toBe(6000);
  });
});

describe('reduceBins', () => {
  it('leaves bins alone that are few enough', () => {
    const bins = binRows(
      drawn(500, 6, ({ normal }) => normal()),
      null,
      1e-6,
    );
    expect(reduceBins(bins, 1e-6)).toEqual(bins);
  });

  it('cuts finely where rows are dense and as finely, relative to the distance from the median, in the tails', () => {
    const bins = reduceBins(binRows(CONTINUOUS, null, 1e-6), 1e-6, 256);
    expect(bins.count.length).toBe(256);
    expectValid(bins);
    for (let i = 0; i + 1 < bins.count.length; i++) {
      if (bins.count[i] > 3) expect(bins.upper[i] - bins.lower[i]).toBeLessThan(0.5 * Math.abs(bins.mean[i] - 7) + 0.5);
    }
  });
});

type Draw = ReturnType<typeof seededRandom>;

function binsOfEach(values: Float64Array): WeightedBins {
  const sorted = values.slice().sort();
  const [count, variance] = [new Float64Array(sorted.length).fill(1), new Float64Array(sorted.length)];
  return { count, mean: sorted, variance, lower: sorted, upper: sorted, exact: new Uint8Array(sorted.length).fill(1) };
}

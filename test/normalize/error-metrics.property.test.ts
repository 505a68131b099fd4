import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeInverse } from '../../shared/normalize/inverse.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import type { Pairs } from '../../shared/normalize/pairs.ts';
import { columnOf, columnRows, mixtures, normalFrom } from '../support/column-models.ts';
import { atom, gaussian, modelOf } from '../support/models.ts';

const applied = (model: ColumnModel, rows: readonly (number | null)[], clip: number | false = 0.99) => {
  const column = columnOf(rows);
  const kernel = makeKernel(model, { choose: 'sample', clip, preset: 'modemap' });
  return { ...column, pairs: kernel({ ...column, rowStart: 0, keys: { k0: 1, k1: 2 } }) };
};

function figuresOf(model: ColumnModel, rows: readonly (number | null)[], clip: number | false = 0.99) {
  const { values, valid, pairs } = applied(model, rows, clip);
  const metrics = new ErrorMetrics(model, clip);
  metrics.add(values, valid, pairs);
  metrics.addInexact(3);
  return metrics.figures();
}

const slice = (pairs: Pairs, start: number, end: number): Pairs => ({
  normalized: pairs.normalized.subarray(start, end),
  normalizedValid: pairs.normalizedValid.subarray(start, end),
  components: pairs.components.subarray(start, end),
});

describe('ErrorMetrics', () => {
  it('counts and measures what a direct computation finds', () => {
    const moderate = columnRows.map((rows) => rows.map((x) => (x !== null && Math.abs(x) < 1e100 ? x : null)));
    fc.assert(
      fc.property(mixtures, moderate, (components, rows) => {
        const model = modelOf(components);
        const { pairs } = applied(model, rows);
        const invert = makeInverse(model);
        const finite = rows.flatMap((x, row) => (x !== null && Number.isFinite(x) ? [{ x, row }] : []));
        const errors = finite.map(({ x, row }) => Math.abs(invert(pairs.normalized[row], pairs.components[row]) - x));
        const n = finite.length;
        const meanOf = (list: number[]) => list.reduce((a, b) => a + b, 0) / n;
        const mean = meanOf(finite.map(({ x }) => x));
        const deviations = (x: number) =>
          components.map((c) =>
            c.kind === 'atom' ? (c.mean === x ? 0 : 99) : Math.abs(x - c.mean) / c.standardDeviation,
          );
        const figures = figuresOf(model, rows);
        expect(figures).toMatchObject({
          rows: rows.length,
          nulls: rows.filter((x) => x === null).length,
          nonFinite: rows.filter((x) => x !== null && !Number.isFinite(x)).length,
          inexact: 3,
          maxAbsoluteError: n > 0 ? Math.max(...errors) : null,
          minimum: n > 0 ? Math.min(...finite.map(({ x }) => x)) + 0 : null,
          maximum: n > 0 ? Math.max(...finite.map(({ x }) => x)) + 0 : null,
          lowMass: finite.filter(({ x }) => deviations(x).every((distance) => distance > 6)).length,
          clipped: finite.filter(({ x, row }) => deviations(x)[pairs.components[row]] / 4 > 0.99).length,
          componentCounts: components.map((_, k) => finite.filter(({ row }) => pairs.components[row] === k).length),
        });
        if (n === 0) {
          expect(figures.meanAbsoluteError).toBeNull();
          expect(figures.standardDeviation).toBeNull();
          return;
        }
        const range = Math.max(...finite.map(({ x }) => Math.abs(x)), 1e-300);
        const near = (actual: number | null, expected: number, scale: number) =>
          // sums of at most 60 terms, each rounded a few times
          expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(scale * 1e-12 + Number.MIN_VALUE);
        near(figures.meanAbsoluteError, meanOf(errors), meanOf(errors));
        const worst = Math.max(...errors) || 1;
        const rmse = worst * Math.sqrt(meanOf(errors.map((e) => (e / worst) ** 2)));
        near(figures.rootMeanSquareError, rmse, rmse);
        near(figures.mean, mean, range);
        near(figures.standardDeviation! ** 2, meanOf(finite.map(({ x }) => (x - mean) ** 2)), range ** 2);
      }),
    );
  });

  it('gives the same bits however the partition is cut into calls', () => {
    const model = modelOf([gaussian(0.6, 0, 1), gaussian(0.3, 5, 0.01), atom(0.1, 2)]);
    const rows = Array.from({ length: 5000 }, (_, i) => (i % 7 === 3 ? null : 3 * Math.sin(i * i)));
    const { values, valid, pairs } = applied(model, rows);
    const whole = figuresOf(model, rows);
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 8 }), (cuts) => {
        const metrics = new ErrorMetrics(model, 0.99);
        const edges = [0, ...cuts.sort((a, b) => a - b), 5000];
        for (let i = 1; i < edges.length; i++) {
          const [start, end] = [edges[i - 1], edges[i]];
          const part = [values.subarray(start, end), valid.subarray(start, end), slice(pairs, start, end)] as const;
          metrics.add(...part);
          metrics.addInexact(i === 1 ? 3 : 0);
        }
        expect(metrics.figures()).toEqual(whole);
      }),
    );
  });

  it.each([
    ['a mean far from 0', (i: number) => 1e9 + normalFrom((i * 0.618034) % 1, (i * 0.754878) % 1)],
    ['data that drift far beyond their spread', (i: number) => (i < 50_000 ? 0 : 1e12) + ((i * 0.618034) % 1)],
    ['a first value far from all others', (i: number) => (i === 0 ? 1e12 : (i * 0.618034) % 1)],
  ])('keeps mean and standard deviation of %s', (_, valueAt) => {
    const rows = Array.from({ length: 100_000 }, (_, i) => valueAt(i));
    const { mean, standardDeviation } = figuresOf(modelOf([gaussian(1, 1e9, 1)]), rows);
    const shift = rows[1];
    const sum = rows.reduce((total, x) => total + (x - shift), 0) / rows.length;
    const squares = rows.reduce((total, x) => total + (x - shift - sum) ** 2, 0) / rows.length;
    expect(Math.abs(mean! - (shift + sum))).toBeLessThanOrEqual(Math.abs(mean!) * 1e-12);
    // a double of 1e9 holds 1e-7 of a standard deviation of 1
    expect(standardDeviation! / Math.sqrt(squares)).toBeCloseTo(1, 6);
  });

  it.each([
    [
      'an ulp of 1/8',
      (i: number) => 1e15 + Math.round(8 * normalFrom((i * 0.618034) % 1, (i * 0.754878) % 1)) / 8,
      1e15,
    ],
    ['tiny values', (i: number) => 1e-200 * normalFrom((i * 0.618034) % 1, (i * 0.754878) % 1), 0],
    ['huge values', (i: number) => 1e300 * normalFrom((i * 0.618034) % 1, (i * 0.754878) % 1), 0],
  ])('keeps the standard deviation to a few ulps: %s', (_, valueAt, origin) => {
    const rows = Array.from({ length: 50_000 }, (_, i) => valueAt(i));
    const { mean, standardDeviation } = figuresOf(modelOf([gaussian(1, 0, 1)]), rows);
    const largest = rows.reduce((most, x) => Math.max(most, Math.abs(x - origin)), 0);
    const differences = rows.map((x) => (x - origin) / largest);
    const offset = differences.reduce((total, d) => total + d, 0) / rows.length;
    const squares = differences.reduce((total, d) => total + (d - offset) ** 2, 0) / rows.length;
    // sums of 50,000 rounded terms
    expect(standardDeviation! / (largest * Math.sqrt(squares))).toBeCloseTo(1, 11);
    expect(Math.abs(mean! - (origin + largest * offset))).toBeLessThanOrEqual(1e-12 * Math.max(largest, origin));
  });

  it.each([
    ['the largest doubles', [1.7976931348623157e308, -1.7976931348623157e308], 0, 1.7976931348623157e308],
    ['one of them alone', [1.7976931348623157e308], 1.7976931348623157e308, 0],
    ['uneven ones', [1e308, 1e308, 1e308, -1e308], 5e307, 1e308 * Math.sqrt(0.75)],
    ['the smallest doubles', [5e-324, 1e-323, 1.5e-323, 2e-323], 1e-323, 5e-324],
  ])('has finite figures of %s', (_, values, mean, standardDeviation) => {
    const rows = Array.from({ length: 3000 }, (_, i) => values[i % values.length]);
    const model = modelOf([gaussian(1, 0, 1)]);
    const figures = figuresOf(model, rows);
    expect(figures.mean! / (mean || 1)).toBeCloseTo(mean === 0 ? 0 : 1, 12);
    expect(figures.standardDeviation! / (standardDeviation || 1)).toBeCloseTo(standardDeviation === 0 ? 0 : 1, 12);
    const clipped = values.map((x) => Math.abs(x) - Math.min(Math.abs(x), 3.96));
    expect(figures.maxAbsoluteError).toBeCloseTo(Math.max(...clipped), 12);
    const worst = Math.max(...clipped) || 1;
    const meanOf = (list: number[]) => list.reduce((a, b) => a + b / list.length, 0);
    expect(figures.meanAbsoluteError! / worst).toBeCloseTo(meanOf(clipped.map((e) => e / worst)), 12);
    const rmse = Math.sqrt(meanOf(clipped.map((e) => (e / worst) ** 2)));
    expect(figures.rootMeanSquareError! / worst).toBeCloseTo(rmse, 12);
  });

  it('says the largest double of an error beyond it', () => {
    const wide = modelOf([gaussian(1, 1.7e308, 1e300), gaussian(0, -1.7e308, 1e300)], { decimals: null });
    const { values, valid, pairs } = applied(wide, [1.7e308, 1.7e308]);
    pairs.components[0] = 1;
    const metrics = new ErrorMetrics(wide, 0.99);
    metrics.add(values, valid, pairs);
    const figures = metrics.figures();
    expect(figures).toMatchObject({ maxAbsoluteError: Number.MAX_VALUE, meanAbsoluteError: Number.MAX_VALUE / 2 });
    expect(figures.rootMeanSquareError! / Number.MAX_VALUE).toBeCloseTo(Math.SQRT1_2, 14);
  });

  it('has finite figures of any rows, and null where there is no finite row', () => {
    fc.assert(
      fc.property(mixtures, columnRows, fc.constantFrom(0.99, false as const), (components, rows, clip) => {
        const figures = figuresOf(modelOf(components), rows, clip);
        expect(
          Object.values(figures)
            .flat()
            .every((x) => x === null || Number.isFinite(x)),
        ).toBe(true);
        const isAnyFinite = rows.some((x) => x !== null && Number.isFinite(x));
        expect(Object.values(figures).some((figure) => figure === null)).toBe(!isAnyFinite);
      }),
    );
    const model = modelOf([gaussian(1, 0, 1)]);
    expect(figuresOf(model, [null, Number.NaN])).toEqual({
      rows: 2,
      nulls: 1,
      nonFinite: 1,
      inexact: 3,
      meanAbsoluteError: null,
      rootMeanSquareError: null,
      maxAbsoluteError: null,
      clipped: 0,
      lowMass: 0,
      minimum: null,
      maximum: null,
      mean: null,
      standardDeviation: null,
      componentCounts: [0],
    });
  });

  it('counts no low mass on an atom, nor within six deviations of any Gaussian, weight 0 included', () => {
    const model = modelOf([gaussian(0.9, 0, 1), atom(0.1, 50), gaussian(0, 100, 2)]);
    const figures = figuresOf(model, [50, 6, -6.001, 88.1, 87.9, 30]);
    expect(figures).toMatchObject({ lowMass: 3, componentCounts: [3, 1, 2] });
    // beyond the clip: all but the atom
    expect(figures.clipped).toBe(5);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeInverse } from '../../shared/normalize/inverse.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import type { Pairs } from '../../shared/normalize/pairs.ts';
import { atom, columnOf, columnRows, gaussian, mixtures, modelOf, normalFrom } from '../support/column-models.ts';

const applied = (model: ColumnModel, rows: readonly (number | null)[], clip: number | false = 0.99) => {
  const column = columnOf(rows);
  const kernel = makeKernel(model, { choose: 'sample', clip, preset: 'modemap' });
  return { ...column, pairs: kernel({ ...column, rowStart: 0, keys: { k0: 1, k1: 2 } }) };
};

function figuresOf(model: ColumnModel, rows: readonly (number | null)[], clip: number | false = 0.99) {
  const { values, valid, pairs } = applied(model, rows, clip);
  const metrics = new ErrorMetrics(model, clip);
  metrics.add(values, valid, pairs, 3);
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
          minimum: n > 0 ? Math.min(...finite.map(({ x }) => x)) : null,
          maximum: n > 0 ? Math.max(...finite.map(({ x }) => x)) : null,
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
          expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(scale * 1e-12);
        near(figures.meanAbsoluteError, meanOf(errors), meanOf(errors));
        const rmse = Math.sqrt(meanOf(errors.map((e) => e * e)));
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
          metrics.add(...part, i === 1 ? 3 : 0);
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

  it('gives null where a figure overflows or there is no finite row, never NaN or infinity', () => {
    const model = modelOf([gaussian(1, 0, 1)]);
    const wide = figuresOf(model, [1.7e308, -1.7e308, null, 1.7e308]);
    expect(wide).toMatchObject({ rootMeanSquareError: null, standardDeviation: null, minimum: -1.7e308, clipped: 3 });
    expect(JSON.parse(JSON.stringify(wide))).toEqual(wide);
    const unclipped = figuresOf(modelOf([gaussian(1, 1e308, 1e300)]), [-1.7e308], false);
    expect(JSON.parse(JSON.stringify(unclipped))).toEqual(unclipped);
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCtganData } from '../../../shared/mixture/ctgan/ctgan-data.ts';
import { fitCtgan } from '../../../shared/mixture/ctgan/fit-ctgan.ts';
import { lowerBound } from '../../../shared/mixture/ctgan/lower-bound.ts';
import { makePosterior, updatePosterior } from '../../../shared/mixture/ctgan/posterior.ts';
import { makeStatistics, sumLabels, sumResponsibilities } from '../../../shared/mixture/ctgan/statistics.ts';
import { binsOf } from '../../golden/mixture/columns.ts';

/** Whole numbers: no variance is anywhere near the regularisation. */
const rows = fc
  .array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 200, max: 260 })), {
    minLength: 12,
    maxLength: 150,
  })
  .map((values) => Float64Array.from(values));
const options = { resolution: 1, maxComponents: 5 };

describe('fitCtgan', () => {
  it('never lowers the bound', () => {
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat(4)), (values, stream) => {
        const data = makeCtganData(binsOf(values));
        const labels = Int32Array.from({ length: data.length }, () => stream.next().value);
        const posterior = makePosterior(5);
        const statistics = makeStatistics(5);
        sumLabels(data, labels, posterior, statistics);
        updatePosterior(data, statistics, posterior);
        let bound = Number.NEGATIVE_INFINITY;
        for (let iteration = 0; iteration < 30; iteration++) {
          sumResponsibilities(data, posterior, statistics);
          updatePosterior(data, statistics, posterior);
          const next = lowerBound(posterior, statistics.entropy);
          // the regularisation, 1e-6, is no part of the bound
          expect(next).toBeGreaterThanOrEqual(bound - 1e-6 * values.length);
          bound = next;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('depends on the rows as a multiset, and on nothing else', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const fit = fitCtgan(binsOf(values), options);
        expect(fitCtgan(binsOf(values.toReversed()), options)).toEqual(fit);
      }),
      { numRuns: 50 },
    );
  });

  it('moves with the data', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
        const fit = fitCtgan(binsOf(values), options);
        const moved = fitCtgan(binsOf(values.map((x) => x + shift)), options);
        expect([moved.iterations, moved.objective]).toEqual([fit.iterations, fit.objective]);
        for (const [k, component] of moved.components.entries()) {
          const { mean, ...rest } = fit.components[k];
          expect(component).toMatchObject(rest);
          expect(component.mean).toBeCloseTo(mean + shift, 10);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('sees a bin split into equal halves as the same bin', () => {
    fc.assert(
      fc.property(rows, (values) => {
        const bins = binsOf(values);
        const twice = (array: Float64Array, factor: number) =>
          Float64Array.from({ length: 2 * array.length }, (_, i) => array[i >> 1] * factor);
        const mean = twice(bins.mean, 1);
        const halves = {
          count: twice(bins.count, 0.5),
          mean,
          variance: twice(bins.variance, 1),
          lower: mean,
          upper: mean,
          exact: new Uint8Array(mean.length).fill(1),
        };
        const labels = Int32Array.from(bins.mean, (x) => (x < 0 ? 0 : x < 20 ? 1 : x < 230 ? 2 : 3));
        const initialLabels = Int32Array.from(mean, (_, i) => labels[i >> 1]);
        const fit = fitCtgan(bins, { ...options, initialLabels: labels });
        const split = fitCtgan(halves, { ...options, initialLabels });
        expect(split.iterations).toBe(fit.iterations);
        for (const [k, { weight, mean }] of split.components.entries()) {
          expect(weight).toBeCloseTo(fit.components[k].weight, 8);
          expect(mean).toBeCloseTo(fit.components[k].mean, 6);
        }
      }),
      { numRuns: 50 },
    );
  });
});

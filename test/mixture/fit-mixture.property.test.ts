import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentSchema } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { makeFitData } from '../../shared/mixture/fit-data.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
import { maximize } from '../../shared/mixture/maximize.ts';
import { GAUSSIAN, stateOf } from '../../shared/mixture/mixture-state.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { mergeSummaries } from '../../shared/summary/merge-summaries.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { randomColumns, reordered } from '../support/random-columns.ts';

const STEP = 2 ** -10;
const sizes = fc.integer({ min: 1, max: 8 });

const fitted = (values: Float64Array, maxComponents: number, resolution = STEP) =>
  fitMixture(binRows(values, null, resolution), { resolution, maxComponents });

describe('fitMixture of any column', () => {
  it('gives weights that sum to 1, and no more components than it may', () => {
    fc.assert(
      fc.property(randomColumns, sizes, (values, maxComponents) => {
        const { components } = fitted(values, maxComponents);
        expect(Math.abs(components.reduce((sum, { weight }) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
        expect(components.length).toBeLessThanOrEqual(maxComponents);
        for (const component of components) expect(componentSchema.parse(component)).toEqual(component);
      }),
      { numRuns: 30 },
    );
  });

  it('does not depend on the order of the rows, nor of rows with weights', () => {
    fc.assert(
      fc.property(randomColumns, sizes, fc.integer({ min: 2, max: 7000 }), (values, maxComponents, order) => {
        expect(fitted(reordered(values, order), maxComponents)).toEqual(fitted(values, maxComponents));
        const weighted = (rows: Float64Array) => {
          const weights = rows.map((x) => 0.5 + (Math.abs(x) % 3));
          return fitMixture(binRows(rows, weights, STEP), { resolution: STEP, maxComponents });
        };
        expect(weighted(reordered(values, order))).toEqual(weighted(values));
      }),
      { numRuns: 20 },
    );
  });

  it('scales with a power of two bit for bit', () => {
    fc.assert(
      fc.property(randomColumns, sizes, fc.integer({ min: -400, max: 400 }), (values, maxComponents, power) => {
        const factor = 2 ** power;
        const [here, there] = [
          fitted(values, maxComponents),
          fitted(
            values.map((x) => x * factor),
            maxComponents,
            STEP * factor,
          ),
        ];
        expect([there.bitsPerValue, there.objective, there.iterations]).toEqual([
          here.bitsPerValue,
          here.objective,
          here.iterations,
        ]);
        expect(there.components.map(({ kind, weight, mean }) => [kind, weight, mean / factor])).toEqual(
          here.components.map(({ kind, weight, mean }) => [kind, weight, mean]),
        );
        // one of weight 0 has a standard deviation that no row says
        const deviations = ({ components }: typeof here) =>
          components.filter(({ weight }) => weight > 0).map(({ standardDeviation }) => standardDeviation);
        expect(deviations(there).map((deviation) => deviation / factor)).toEqual(deviations(here));
      }),
      { numRuns: 20 },
    );
  });

  it('scales with any factor and shifts with any whole number, but for rounding', () => {
    fc.assert(
      fc.property(
        randomColumns,
        sizes,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
        (values, maxComponents, power, shift) => {
          const here = fitted(values, maxComponents);
          const factor = 10 ** power;
          const scaled = fitted(
            values.map((x) => x * factor),
            maxComponents,
            STEP * factor,
          );
          // rounding may tip a contest between two candidates that are as good
          expect(Math.abs(scaled.bitsPerValue! - here.bitsPerValue!)).toBeLessThan(1e-4);
          const shifted = fitted(
            values.map((x) => x + shift),
            maxComponents,
          );
          expect(Math.abs(shifted.bitsPerValue! - here.bitsPerValue!)).toBeLessThan(1e-4);
          // where bins are merged, for the search, their means are rounded at either place: that too may tip a contest
          if (new Set(values).size > 256) return;
          expect(shifted.components.map(({ kind }) => kind)).toEqual(here.components.map(({ kind }) => kind));
          for (const [k, { weight, mean, standardDeviation }] of shifted.components.entries()) {
            expect(weight).toBeCloseTo(here.components[k].weight, 9);
            expect(mean - shift).toBeCloseTo(here.components[k].mean, 8);
            if (weight > 0) expect(standardDeviation).toBeCloseTo(here.components[k].standardDeviation, 9);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is never worse for more components allowed, by more than a twentieth of a nat a row and a cover of the tails', () => {
    // of fewer rows the way to more components may lead past the best of few by more
    const columns = randomColumns.filter(({ length }) => length >= 100);
    fc.assert(
      fc.property(columns, (values) => {
        let best = Number.NEGATIVE_INFINITY;
        for (const maxComponents of [1, 2, 3, 5, 8]) {
          const perRow = fitted(values, maxComponents).objective! / values.length;
          // growing is greedy: the best of fewer components need not lie on the way to more
          const cover = (1.5 * Math.log(values.length)) / values.length;
          expect(perRow).toBeGreaterThan(best - 0.05 - cover);
          best = Math.max(best, perRow);
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('the likelihood of any column', () => {
  const starts = fc.array(
    fc.record({
      weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
      mean: fc.double({ min: -2, max: 2, noNaN: true }),
      variance: fc.double({ min: -4, max: 1, noNaN: true }).map((power) => 10 ** power),
      atomBin: fc.constant(GAUSSIAN),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it.each([
    ['two iterations', 2],
    ['an accepted extrapolation', 3],
  ])('never falls by %s, one after the other', (_, steps) => {
    fc.assert(
      fc.property(randomColumns, starts, fc.boolean(), (values, components, hasAtom) => {
        const data = makeFitData(binRows(values, null, STEP), STEP);
        const heaviest = data.count.indexOf(Math.max(...data.count));
        const atom = { weight: 0.1, mean: data.mean[heaviest], variance: 0, atomBin: heaviest };
        const start = stateOf(hasAtom ? [...components, atom] : components);
        let state = start;
        let before = Number.NEGATIVE_INFINITY;
        for (let round = 0; round < 15; round++) {
          const ascended = maximize(data, state, steps);
          // sums over bins round
          expect(ascended.logLikelihood).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(ascended.logLikelihood));
          state = ascended.state;
          before = ascended.logLikelihood;
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('a fit to merged summaries', () => {
  const summaryOf = (values: Float64Array, centre: number): ColumnSummary => {
    const builder = new SummaryBuilder({ centre, decimals: { floatBits: 64 } });
    builder.add(values, new Uint8Array(values.length).fill(1), 0);
    return builder.finish();
  };

  it('is the same byte for byte, whatever the partitions and the order of merging', () => {
    fc.assert(
      fc.property(
        // some columns keep their distinct values, others fall into cells
        fc
          .tuple(randomColumns, fc.constantFrom(0, 1 / 3))
          .map(([values, slope]) =>
            slope === 0
              ? values
              : Float64Array.from({ length: 4 * values.length }, (_, i) => values[i % values.length] + slope * i),
          ),
        fc.array(fc.nat(6000), { maxLength: 5 }),
        fc.integer({ min: 2, max: 7000 }),
        (values, cuts, order) => {
          const textOf = (summary: ColumnSummary) =>
            JSON.stringify(fitMixture(summaryBins(summary), { resolution: STEP, maxComponents: 4 }));
          const whole = textOf(summaryOf(values, 10));
          const rows = reordered(values, order);
          const edges = [0, ...cuts.map((cut) => Math.min(cut, rows.length)).sort((a, b) => a - b), rows.length];
          const parts = edges.slice(1).map((end, i) => summaryOf(rows.subarray(edges[i], end), 10));
          expect(textOf(parts.reduce((a, b) => mergeSummaries(a, b)))).toBe(whole);
          expect(textOf(parts.reduceRight((a, b) => mergeSummaries(b, a)))).toBe(whole);
          const middle = Math.ceil(parts.length / 2);
          const halves = [parts.slice(0, middle), parts.slice(middle)].filter((half) => half.length > 0);
          expect(
            textOf(
              halves
                .map((half) => half.reduceRight((a, b) => mergeSummaries(a, b)))
                .reduceRight((a, b) => mergeSummaries(a, b)),
            ),
          ).toBe(whole);
        },
      ),
      { numRuns: 12 },
    );
  });
});

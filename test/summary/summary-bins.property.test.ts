import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';

function binsOf(values: Float64Array, centre: number) {
  const builder = new SummaryBuilder({ centre, decimals: { floatBits: 64 } });
  builder.add(values, new Uint8Array(values.length).fill(1), 0);
  return summaryBins(builder.finish());
}

const far = fc.constantFrom(0, 1e9, -1e15, 1e-12, 1e300);
const spread = fc.constantFrom(1, 1e-9, 1e6, 1e300);
const columns = fc
  .tuple(far, spread, fc.integer({ min: 1100, max: 3000 }), fc.integer({ min: 1, max: 4000 }), fc.boolean())
  .map(([at, scale, length, distinct, isSkewed]) => ({
    at,
    values: Float64Array.from({ length }, (_, i) => {
      const u = (((i * 7919) % distinct) + 0.5) / distinct;
      return at + scale * (isSkewed ? Math.log(u) : u - 0.5);
    }),
  }));

describe('summaryBins', () => {
  it('gives ascending bins that do not overlap and hold all values, each its own', () => {
    fc.assert(
      fc.property(columns, fc.constantFrom(0, 1, 0.1), ({ at, values }, offset) => {
        const bins = binsOf(values, at + offset);
        const sorted = values.slice().sort();
        let row = 0;
        for (let i = 0; i < bins.count.length; i++) {
          expect(bins.lower[i]).toBeLessThanOrEqual(bins.mean[i]);
          expect(bins.mean[i]).toBeLessThanOrEqual(bins.upper[i]);
          if (i > 0) expect(bins.lower[i]).toBeGreaterThanOrEqual(bins.upper[i - 1]);
          const held = sorted.subarray(row, row + bins.count[i]);
          row += bins.count[i];
          const isOne = held.every((x) => x === held[0]);
          expect(bins.exact[i]).toBe(isOne ? 1 : 0);
          if (isOne) expect([bins.mean[i], bins.variance[i], bins.upper[i]]).toEqual([held[0], 0, held[0]]);
          // x - centre is rounded, so an edge may be an ulp of x or of the centre off
          const ulp = 2 ** -52 * Math.max(Math.abs(held[0]), Math.abs(at + offset));
          expect(held[0]).toBeGreaterThanOrEqual(bins.lower[i] - ulp);
          expect(held[held.length - 1]).toBeLessThanOrEqual(bins.upper[i] + ulp);
        }
        expect(row).toBe(values.length);
      }),
      { numRuns: 20 },
    );
  });

  it('has the mean and the variance of each bin within 2^-20 of the width of its cell', () => {
    fc.assert(
      fc.property(columns, ({ at, values }) => {
        const centre = at + 0.25;
        const bins = binsOf(values, centre);
        const sorted = values.slice().sort();
        let row = 0;
        for (let i = 0; i < bins.count.length; i++) {
          const held = Array.from(sorted.subarray(row, row + bins.count[i]), (x) => x - centre);
          row += bins.count[i];
          const first = held[0];
          const mean = held.reduce((sum, d) => sum + (d - first), 0) / held.length + first;
          const variance = held.reduce((sum, d) => sum + (d - mean) ** 2, 0) / held.length;
          // a cell is at most 2^-10 of its distance from the centre wide
          const width = 2 ** -10 * Math.max(...held.map(Math.abs));
          const rounding = 2 ** -50 * Math.max(Math.abs(centre), Math.abs(first));
          expect(Math.abs(bins.mean[i] - centre - mean)).toBeLessThanOrEqual(width * 2 ** -20 + rounding);
          // an offset is off by less than a unit, a spread is at most a width
          if (variance < 1e300) {
            expect(Math.abs(bins.variance[i] - variance)).toBeLessThanOrEqual(
              2 * width * (width * 2 ** -20 + rounding),
            );
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('gives distinct values as exact bins', () => {
    const bins = binsOf(Float64Array.of(3, 1, 3, -0), 100);
    expect(bins).toEqual({
      count: Float64Array.of(1, 1, 2),
      mean: Float64Array.of(0, 1, 3),
      variance: new Float64Array(3),
      lower: Float64Array.of(0, 1, 3),
      upper: Float64Array.of(0, 1, 3),
      exact: Uint8Array.of(1, 1, 1),
    });
  });

  it('stays finite and ordered at the ends of the doubles, and beside the centre', () => {
    const extremes = [
      -Number.MAX_VALUE,
      -1.7e308,
      -Number.MIN_VALUE,
      0,
      Number.MIN_VALUE,
      2 ** -1022,
      1.6e308,
      1.65e308,
      1.7e308,
      Number.MAX_VALUE,
    ];
    const values = Float64Array.from({ length: 1200 }, (_, i) => extremes[i] ?? 1.5e308 + i * 1e300);
    for (const centre of [0, 1.7e308, -1.7e308, Number.MIN_VALUE]) {
      const bins = binsOf(values, centre);
      expect(bins.count.reduce((a, b) => a + b)).toBe(1200);
      for (const array of [bins.mean, bins.variance, bins.lower, bins.upper]) {
        expect(array.every(Number.isFinite)).toBe(true);
      }
      for (let i = 0; i < bins.mean.length; i++) {
        expect(bins.lower[i]).toBeLessThanOrEqual(bins.upper[i]);
        if (i > 0) expect(bins.lower[i]).toBeGreaterThanOrEqual(bins.upper[i - 1]);
      }
    }
  });
});

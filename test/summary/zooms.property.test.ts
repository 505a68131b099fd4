import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { mergeSummaries } from '../../shared/summary/merge-summaries.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { decodeSummary, encodeSummary } from '../../shared/summary/summary-block.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { type Zoom, zoomsOf } from '../../shared/summary/zooms.ts';

const component = (mean: number, standardDeviation: number, weight = 0.1): Component => ({
  kind: standardDeviation > 0 ? 'gaussian' : 'atom',
  weight,
  mean,
  standardDeviation,
  logScale: standardDeviation > 0 ? 0 : null,
  pruned: false,
});

function summaryOf(values: Float64Array, centre: number, zooms: readonly Zoom[]) {
  const builder = new SummaryBuilder({ centre, zooms, decimals: { floatBits: 64 } });
  builder.add(values, new Uint8Array(values.length).fill(1), 0);
  return builder.finish();
}

const bytesOf = (summary: ReturnType<typeof summaryOf>) => Buffer.from(encodeSummary(summary)).toString('base64');

/** Places far from the centre, some of them so close together that they share cells. */
const places = fc.array(
  fc.tuple(fc.constantFrom(1000, 1000.2, -5000, 1e6, 1e6 + 3, 3, 0), fc.constantFrom(0, 1e-6, 1e-3, 0.4, 50)),
  { minLength: 1, maxLength: 6 },
);
/** Rows spread widely, and rows at and about those places. */
const columns = fc
  .tuple(places, fc.integer({ min: 1, max: 900 }), fc.constantFrom(0, 0.3, -2000))
  .map(([at, salt, centre]) => {
    const components = at.map(([mean, sd], i) => component(mean, sd, 1 / (i + 2)));
    const values = Float64Array.from({ length: 3000 }, (_, i) => {
      const u = (((i + 1) * salt * 7919) % 10_007) / 10_007 - 0.5;
      if (i % 3 === 0) return 4000 * u;
      const [mean, sd] = at[i % at.length];
      return i % 5 === 0 ? mean : mean + 4 * sd * u;
    });
    return { values, centre, zooms: zoomsOf(centre, components, 1e-9) };
  });

describe('a summary with zooms', () => {
  it('is the same bytes in any order and grouping of its parts, and read back from a file', () => {
    fc.assert(
      fc.property(columns, fc.nat(3000), fc.nat(3000), ({ values, centre, zooms }, i, j) => {
        const [from, to] = [Math.min(i, j), Math.max(i, j)];
        const [a, b, c] = [values.slice(0, from), values.slice(from, to), values.slice(to)].map((part) =>
          summaryOf(part, centre, zooms),
        );
        const whole = summaryOf(values, centre, zooms);
        expect(bytesOf(mergeSummaries(mergeSummaries(a, b), c))).toBe(bytesOf(whole));
        expect(bytesOf(mergeSummaries(mergeSummaries(c, a), b))).toBe(bytesOf(whole));
        expect(bytesOf(mergeSummaries(c, mergeSummaries(b, a)))).toBe(bytesOf(whole));
        expect(decodeSummary(encodeSummary(whole))).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('gives ascending bins that do not overlap and hold all values, each its own', () => {
    fc.assert(
      fc.property(columns, ({ values, centre, zooms }) => {
        const bins = summaryBins(summaryOf(values, centre, zooms));
        const sorted = values.slice().sort();
        let row = 0;
        for (let i = 0; i < bins.count.length; i++) {
          expect(bins.lower[i]).toBeLessThanOrEqual(bins.mean[i]);
          expect(bins.mean[i]).toBeLessThanOrEqual(bins.upper[i]);
          if (i > 0) expect(bins.lower[i]).toBeGreaterThanOrEqual(bins.upper[i - 1]);
          const held = sorted.subarray(row, row + bins.count[i]);
          row += bins.count[i];
          expect(bins.exact[i]).toBe(held.every((x) => x === held[0]) ? 1 : 0);
          // x - centre is rounded, so an edge may be an ulp of x or of the centre off
          const ulp = 2 ** -51 * Math.max(Math.abs(held[0]), Math.abs(centre));
          expect(held[0]).toBeGreaterThanOrEqual(bins.lower[i] - ulp);
          expect(held[held.length - 1]).toBeLessThanOrEqual(bins.upper[i] + ulp);
        }
        expect(row).toBe(values.length);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps an atom apart from the values beside it, which its cell about the centre would hold too', () => {
    const values = Float64Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1e6 : 1e6 + (i - 2000) / 100));
    const isApart = (zooms: readonly Zoom[]) => {
      const bins = summaryBins(summaryOf(values, 0, zooms));
      return bins.exact[bins.mean.indexOf(1e6)] === 1 && bins.count[bins.mean.indexOf(1e6)] === 2000;
    };
    expect(isApart([])).toBe(false);
    expect(isApart(zoomsOf(0, [component(1e6, 0)], 1e-6))).toBe(true);
  });

  it('keeps the order of values so far from its centres that they seem equally near', () => {
    const zooms = zoomsOf(1.7e308, [component(0, 0), component(5e-324, 0), component(1e-310, 0)], 1e-300);
    const values = Float64Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 0 : (i - 1500) * 1e300));
    const bins = summaryBins(summaryOf(values, 1.7e308, zooms));
    expect(zooms).toHaveLength(3);
    expect(bins.mean).toEqual(bins.mean.slice().sort());
  });

  it('merges with none that has others', () => {
    const zooms = zoomsOf(0, [component(1e6, 0)], 1e-6);
    expect(() => mergeSummaries(summaryOf(Float64Array.of(1), 0, zooms), summaryOf(Float64Array.of(1), 0, []))).toThrow(
      `summaries must have the same zooms, got ${JSON.stringify(zooms)} and []`,
    );
  });
});

describe('zoomsOf', () => {
  it('looks closely at atoms and at Gaussians narrower than two cells, where cells are wider than a step', () => {
    // cells at 1e6 are 512 wide
    expect(zoomsOf(0, [component(1e6, 2000), component(1e6, 0, 0), component(1, 0)], 1)).toEqual([]);
    expect(zoomsOf(0, [component(1e6, 0)], 512)).toEqual([]);
    const [zoom, ...others] = zoomsOf(0, [component(1e6, 1000)], 1);
    expect(others).toEqual([]);
    expect(zoom).toMatchObject({ centre: 1e6 });
    expect(zoom.to - zoom.from).toBe(Math.floor(1_008_000 / 512) - Math.floor(992_000 / 512));
  });

  it('lets zooms that share cells cover the same ones', () => {
    const [a, b, c] = zoomsOf(0, [component(1e6 + 100, 10), component(1e6, 400, 0.2), component(-1e6, 0)], 1);
    expect([a.centre, b.centre, c.centre]).toEqual([-1e6, 1e6, 1e6 + 100]);
    expect([c.from, c.to]).toEqual([b.from, b.to]);
    expect(a.from).toBe(a.to);
  });

  it('takes the heaviest where there are too many', () => {
    const components = Array.from({ length: 30 }, (_, i) => component(1000 * (i + 1) + 0.5, 0, i + 1));
    expect(zoomsOf(0, components, 1e-3).map(({ centre }) => centre)).toEqual(
      components.slice(14).map(({ mean }) => mean),
    );
  });
});

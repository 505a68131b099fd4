import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { randomSource } from '../../shared/tuning/random-source.ts';
import { resampleBins } from '../../shared/tuning/resample-bins.ts';

const bins = binRows(
  Float64Array.from({ length: 1000 }, (_, i) => (i * i) % 37),
  null,
  1,
);

describe('resampleBins', () => {
  it('draws as many rows as asked for, into bins that were there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (rows, seed) => {
        const { count, mean } = resampleBins(bins, rows, randomSource(seed, 'x', 'test'));
        expect(count.reduce((sum, n) => sum + n, 0)).toBe(rows);
        expect(count.every((n) => n > 0)).toBe(true);
        expect(mean.every((x) => bins.mean.includes(x))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is the same for the same seed and another for another', () => {
    const of = (seed: number) => resampleBins(bins, 1000, randomSource(seed, 'x', 'test')).count;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('gives a bin its share of the rows on average', () => {
    const random = randomSource(5, 'x', 'test');
    let rows = 0;
    for (let i = 0; i < 400; i++) {
      const { count, mean } = resampleBins(bins, 1000, random);
      rows += count[mean.indexOf(bins.mean[3])] ?? 0;
    }
    // four standard errors of 400 draws
    expect(Math.abs(rows / 400 - bins.count[3])).toBeLessThan(4 * Math.sqrt(bins.count[3] / 400));
  });
});

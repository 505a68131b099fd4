import { describe, expect, it } from 'vitest';
import { binQuantile, medianOf } from '../../shared/numeric/quantiles.ts';

const bins = { count: Float64Array.of(1, 2, 0.5, 6.5), mean: Float64Array.of(-5, 0, 3, 8) };

describe('binQuantile', () => {
  it('is the mean of the bin that holds the row at that share of the weight', () => {
    expect([0, 0.05, 0.1, 0.11, 0.3, 0.34, 0.36, 1].map((q) => binQuantile(bins, q))).toEqual([
      -5, -5, -5, 0, 0, 3, 8, 8,
    ]);
  });

  it('of no rows is not a number', () => {
    expect(binQuantile({ count: new Float64Array(0), mean: new Float64Array(0) }, 0.5)).toBeNaN();
  });
});

describe('medianOf', () => {
  it('has at least half of the weight at or below it, and less than half below', () => {
    expect(medianOf(bins)).toBe(8);
    expect(medianOf({ count: Float64Array.of(3, 1, 2), mean: Float64Array.of(1, 2, 3) })).toBe(1);
  });
});

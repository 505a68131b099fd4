import { describe, expect, it } from 'vitest';
import { resolutionOf } from '../../shared/mixture/resolution.ts';

const resolution = (values: number[], decimals: number | null = null) =>
  resolutionOf(Float64Array.from(values), decimals);

describe('resolutionOf', () => {
  it('is the last digit where the column has decimals', () => {
    expect([0, 2, 9].map((decimals) => resolution([1.5, 2], decimals))).toEqual([1, 0.01, 1e-9]);
  });

  it('is 2^-20 of the interquartile range where it has none', () => {
    expect(resolution([8, 0, 2, 4, 6])).toBe(4 * 2 ** -20);
  });

  it('leaves the most frequent value out where half of the rows hold it', () => {
    expect(resolution([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5])).toBe(2 * 2 ** -20);
  });

  it('is a share of the magnitude where there is no range, and always a positive number', () => {
    expect(resolution([-3, -3, -3])).toBe(3 * 2 ** -20);
    for (const values of [[], [0], [0, 0], [5e-324, 0], [Number.MAX_VALUE, -Number.MAX_VALUE]]) {
      const step = resolution(values);
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { digamma } from '../../shared/numeric/digamma.ts';
import { golden } from '../golden/mixture/columns.ts';

const EULER = 0.5772156649015329;

describe('digamma', () => {
  it('is what scipy computes, to 1e-14 of the larger of it and 1', () => {
    for (const [x, expected] of golden.special) {
      expect(Math.abs(digamma(x) - expected), `at ${x}`).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));
    }
  });

  it('has the values known in closed form', () => {
    expect(digamma(1)).toBeCloseTo(-EULER, 14);
    expect(digamma(0.5)).toBeCloseTo(-EULER - 2 * Math.LN2, 14);
    expect(digamma(0.25)).toBeCloseTo(-EULER - Math.PI / 2 - 3 * Math.LN2, 14);
  });

  it('rises by 1/x from x to x + 1, across the place where the series takes over', () => {
    for (let x = 0.05; x < 20; x += 0.0937) {
      // a few roundings of numbers of the size of 1/x or 3
      expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThanOrEqual(4e-15 * (1 / x + 3));
    }
  });

  it('refuses what is not above 0', () => {
    expect(() => digamma(0)).toThrow('x must be above 0, got 0');
    expect(() => digamma(Number.NaN)).toThrow(RangeError);
  });
});

import { describe, expect, it } from 'vitest';
import { logBeta, logGamma } from '../../shared/numeric/log-gamma.ts';
import { golden } from '../golden/mixture/columns.ts';

describe('logGamma', () => {
  it('is what scipy computes, to 1e-14 of the larger of it and 1', () => {
    for (const [x, , expected] of golden.special) {
      expect(Math.abs(logGamma(x) - expected), `at ${x}`).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));
    }
  });

  it('is the logarithm of factorials', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      factorial *= n;
      expect(logGamma(n + 1)).toBeCloseTo(Math.log(factorial), 13);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
  });

  it('obeys the duplication formula, which joins arguments on both sides of the series', () => {
    for (let x = 0.01; x < 15; x += 0.0731) {
      const doubled = (2 * x - 1) * Math.LN2 - 0.5 * Math.log(Math.PI) + logGamma(x) + logGamma(x + 0.5);
      // a few roundings of terms of this size
      expect(Math.abs(logGamma(2 * x) - doubled)).toBeLessThanOrEqual(2e-14 * Math.max(1, Math.abs(doubled), 2 * x));
    }
  });

  it('refuses what is not above 0', () => {
    expect(() => logGamma(-1)).toThrow('x must be above 0, got -1');
    expect(() => logGamma(Number.NaN)).toThrow(RangeError);
  });
});

describe('logBeta', () => {
  it('is the logarithm of the beta function, the same either way round', () => {
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 14);
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 14);
    expect(logBeta(0.001, 1)).toBeCloseTo(Math.log(1000), 13);
    expect(logBeta(7.5, 0.001)).toBe(logBeta(0.001, 7.5));
  });
});

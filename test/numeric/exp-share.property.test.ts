import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../../shared/numeric/exp-share.ts';

describe('expShare', () => {
  it('is within 4 ulp of e^x from -40 to 0', () => {
    const exponents = fc.oneof(
      fc.double({ min: NEGLIGIBLE_LOG, max: 0, noNaN: true }),
      // at and beside the middle between two entries of the table
      fc.tuple(fc.nat(2559), fc.double({ min: -1e-15, max: 1e-15, noNaN: true })).map(([i, e]) => -(i + 0.5) / 64 + e),
    );
    fc.assert(
      fc.property(exponents, (x) => {
        const expected = Math.exp(x);
        expect(Math.abs(expShare(x, EXP_TABLE) - expected)).toBeLessThanOrEqual(4 * Number.EPSILON * expected);
      }),
      { numRuns: 5000 },
    );
    expect(expShare(0, EXP_TABLE)).toBe(1);
    expect(expShare(NEGLIGIBLE_LOG, EXP_TABLE)).toBeCloseTo(Math.exp(-40), 30);
  });
});

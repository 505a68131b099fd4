import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompensatedSum } from '../../shared/numeric/compensated-sum.ts';

const sumOf = (values: number[]) => {
  const sum = new CompensatedSum();
  for (const x of values) sum.add(x);
  return sum.value;
};

describe('CompensatedSum', () => {
  it('keeps what a plain sum loses', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf(new Array(10_000).fill(0.1))).toBe(1000);
  });

  it('is exact to an ulp for values of one sign', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 50 }), { maxLength: 3000 }), (integers) => {
        // multiples of 2^-10, so the sum of the integers is the exact one
        const values = integers.map((n) => n / 1024);
        const exact = Number(integers.reduce((sum, n) => sum + BigInt(n), 0n)) / 1024;
        expect(Math.abs(sumOf(values) - exact)).toBeLessThanOrEqual(exact * 2 ** -52);
      }),
      { numRuns: 50 },
    );
  });

  it('overflows to infinity, not to NaN', () => {
    expect(sumOf([1e308, 1e308, 1])).toBe(Number.POSITIVE_INFINITY);
  });
});

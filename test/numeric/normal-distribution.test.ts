import { describe, expect, it } from 'vitest';
import { erfc, normalCdf, normalMass } from '../../shared/numeric/normal-distribution.ts';

/** 1 - erf(x) by its Taylor series in decimal arithmetic of 900 digits, rounded to the nearest double. */
const EXACT: [x: number, erfc: number][] = [
  [-3, 1.9999779095030015],
  [-1, 1.8427007929497148],
  [-0.3, 1.3286267594591274],
  [0, 1],
  [0.1, 0.887537083981715],
  [0.5, 0.4795001221869535],
  [0.84375, 0.23277433876765838],
  [0.9, 0.20309178757716786],
  [1.25, 0.07709987174354177],
  [2, 0.004677734981047266],
  [2.857, 5.3358260086846374e-5],
  [3, 2.209049699858544e-5],
  [5, 1.537459794428035e-12],
  [8, 1.1224297172982926e-29],
  [15, 7.212994172451207e-100],
  [26, 5.663192408856143e-296],
];

describe('erfc', () => {
  it.each(EXACT)('of %d is within 1e-15 of the exact value, relative, however small that is', (x, exact) => {
    expect(Math.abs(erfc(x) / exact - 1)).toBeLessThan(1e-15);
  });

  it('falls from 2 to 0 and passes NaN on', () => {
    expect([erfc(Number.NEGATIVE_INFINITY), erfc(-30), erfc(30), erfc(Number.POSITIVE_INFINITY)]).toEqual([2, 2, 0, 0]);
    expect(erfc(Number.NaN)).toBeNaN();
  });
});

describe('normalCdf', () => {
  it('is symmetric about one half', () => {
    for (const x of [0, 0.1, 1, 2.5, 6]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
  });
});

describe('normalMass', () => {
  it('keeps its relative precision in both tails', () => {
    // the tail beyond 10 less the tail beyond 11; a rounding of the argument counts x^2 = 100 times
    const expected = 0.5 * (erfc(10 / Math.SQRT2) - erfc(11 / Math.SQRT2));
    expect(normalMass(10, 11) / expected).toBeCloseTo(1, 13);
    expect(normalMass(-11, -10) / expected).toBeCloseTo(1, 13);
  });

  it('of a line is 1 and of a point 0', () => {
    expect(normalMass(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalMass(0.7, 0.7)).toBe(0);
  });
});

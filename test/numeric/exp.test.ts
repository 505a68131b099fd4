import { describe, expect, it } from 'vitest';
import { expNonPositive } from '../../shared/numeric/exp.ts';

const BITS = 1200n;
const ONE = 1n << BITS;

/** Fixed point with 1,200 bits after the point; exact for doubles that are multiples of 2^-1200. */
function fixed(x: number): bigint {
  if (x === 0) return 0n;
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(x))));
  return (BigInt((x / 2 ** exponent) * 2 ** 52) << (BITS - 52n + BigInt(exponent) + 1000n)) >> 1000n;
}

/** e^x by the Taylor series of e^(x / 2^40), squared 40 times; far beyond a double's precision. */
function exactExp(x: number): bigint {
  const small = fixed(x) >> 40n;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = (term * small) / (ONE * n);
    sum += term;
  }
  for (let i = 0; i < 40; i++) sum = (sum * sum) >> BITS;
  return sum;
}

/** Distance to e^x in units of the last place of the result. */
function ulpsOff(x: number): number {
  const y = expNonPositive(x);
  const ulp = 2 ** (Math.floor(Math.log2(y)) - 52);
  const difference = fixed(y) - exactExp(x);
  return Math.abs(Number((difference * 1000n) / fixed(ulp)) / 1000);
}

describe('expNonPositive', () => {
  it('is within 2 ulp of e^x, computed to 300 digits', () => {
    let worst = 0;
    // steps that meet every residue of x / ln 2, and both ends of the reduced range
    for (let i = 0; i < 400; i++) {
      const k = -i * 0.0247;
      for (const x of [k, (-0.5 - (i % 60)) * Math.LN2 * (1 + (i - 200) * 1e-16), -i * 1e-9])
        worst = Math.max(worst, ulpsOff(x));
    }
    for (const x of [-1e-300, -100.25, -345.6]) worst = Math.max(worst, ulpsOff(x));
    expect(worst).toBeLessThan(2);
    expect(worst).toBeGreaterThan(0.3);
  });

  it('is near the built-in exp over the whole range', () => {
    for (let x = 0; x > -708; x -= 0.00997) {
      // both are within 2 ulp, of at most 2.2e-16 each
      expect(Math.abs(expNonPositive(x) / Math.exp(x) - 1)).toBeLessThan(1e-15);
    }
  });

  it('never rises as x falls', () => {
    let last = 1;
    for (let x = 0; x > -3; x -= 1e-4) {
      const y = expNonPositive(x);
      expect(y).toBeLessThanOrEqual(last);
      last = y;
    }
  });

  it.each([
    [0, 1],
    [-0, 1],
    [-5e-324, 1],
    [-708.0000000000001, 0],
    [-1e308, 0],
    [Number.NEGATIVE_INFINITY, 0],
    [Number.NaN, Number.NaN],
  ])('exp(%s) = %s', (x, y) => {
    expect(expNonPositive(x)).toBe(y);
  });

  it('gives a normal number as long as it gives one at all', () => {
    expect(expNonPositive(-708)).toBeGreaterThan(2 ** -1022);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompensatedSum } from '../../shared/numeric/compensated-sum.ts';
import { binaryExponent, powerOfTwo } from '../../shared/numeric/power-of-two.ts';
import { ScaledSum } from '../../shared/numeric/scaled-sum.ts';

describe('powerOfTwo', () => {
  it('is what repeated doubling gives, down to the smallest double and 0 below', () => {
    let power = Number.MIN_VALUE;
    for (let exponent = -1074; exponent <= 1023; exponent++) {
      expect(powerOfTwo(exponent)).toBe(power);
      power *= 2;
    }
    expect([powerOfTwo(-1075), powerOfTwo(Number.NEGATIVE_INFINITY)]).toEqual([0, 0]);
  });
});

describe('binaryExponent', () => {
  it('brings every positive double near 1, as far as it may', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true }), (x) => {
        const scaled = x * powerOfTwo(-binaryExponent(x));
        if (Math.abs(binaryExponent(x)) < 1000) expect([scaled >= 1, scaled < 2]).toEqual([true, true]);
        expect([scaled >= 2 ** -74, scaled < 2 ** 24]).toEqual([true, true]);
      }),
    );
    expect([binaryExponent(0), binaryExponent(Number.POSITIVE_INFINITY)]).toEqual([-1000, 1000]);
  });
});

describe('ScaledSum', () => {
  const numbers = fc.array(fc.double({ min: -1e100, max: 1e100, noNaN: true }), { minLength: 1, maxLength: 30 });

  it('is bit for bit the compensated sum where that needs no unit', () => {
    fc.assert(
      fc.property(numbers, (terms) => {
        const [scaled, plain] = [new ScaledSum(), new CompensatedSum()];
        for (const x of terms) {
          // what would vanish beside the unit says nothing
          const term = Math.abs(x) < 1e-100 ? 0 : x;
          const exponent = binaryExponent(Math.abs(term));
          scaled.add(term * powerOfTwo(-exponent), exponent);
          plain.add(term);
        }
        expect(scaled.mean(terms.length)).toBe(plain.value / terms.length + 0);
      }),
    );
  });

  it('keeps a mean and a root of squares that are no doubles on their way', () => {
    const sum = new ScaledSum();
    for (let i = 0; i < 1000; i++) sum.add(1.5, 1023);
    expect(sum.mean(1000)).toBe(1.5 * 2 ** 1023);
    const squares = new ScaledSum();
    for (const exponent of [-2000, -2000, -2000, -2000]) squares.add(1, exponent);
    expect(squares.rootOfMean(4)).toBe(2 ** -1000);
    expect(new ScaledSum().mean(3)).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedDecimals, DecimalsTracker, decimalsOf } from '../../shared/numeric/decimals.ts';

/** The definition, digit by digit, with rounding by text. */
function bruteForce(values: number[], bits: 32 | 64): number | null {
  const inType = bits === 32 ? Math.fround : (x: number) => x;
  const roundHalfEven = (y: number) => {
    const floor = Math.floor(y);
    if (y - floor !== 0.5) return y - floor < 0.5 ? floor : floor + 1;
    return floor % 2 === 0 ? floor : floor + 1;
  };
  const largest = Math.max(...values.map(Math.abs));
  const integerDigits = largest < 1 ? 0 : BigInt(Math.floor(largest)).toString().length;
  for (let d = 0; d <= 9; d++) {
    const power = Number(`1e${d}`);
    if (!values.every((x) => inType(roundHalfEven(x * power) / power) === x)) continue;
    return d + integerDigits <= (bits === 32 ? 6 : 15) ? d : null;
  }
  return null;
}

const money = fc
  .tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 16 }))
  .map(([n, d, cut]) => Number(`${Math.trunc(n / 10 ** cut)}e-${d}`));
const doubles = fc.array(fc.oneof(money, money, fc.double({ noNaN: true, noDefaultInfinity: true })), {
  minLength: 1,
  maxLength: 6,
});
const floats = doubles.map((values) => values.map(Math.fround).filter(Number.isFinite).concat(0));

describe('decimalsOf', () => {
  it('equals the definition for doubles', () => {
    fc.assert(
      fc.property(doubles, (values) => {
        expect(decimalsOf(Float64Array.from(values), 64)).toBe(bruteForce(values, 64));
      }),
      { numRuns: 3000 },
    );
  });

  it('equals the definition for floats', () => {
    fc.assert(
      fc.property(floats, (values) => {
        expect(decimalsOf(Float64Array.from(values), 32)).toBe(bruteForce(values, 32));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    [[1, 2, -3], 64, 0],
    [[0], 64, 0],
    [[0.1, 0.25], 64, 2],
    [[1e-9], 64, 9],
    [[1e-10], 64, null],
    [[1 / 3], 64, null],
    [[999999.999999999], 64, 9],
    [[1000000.000000001], 64, null],
    [[999999999999999], 64, 0],
    [[1000000000000000], 64, null],
    [[1e300, 0.5], 64, null],
    [[Math.fround(0.1)], 32, 1],
    [[Math.fround(12345.6)], 32, 1],
    [[Math.fround(123456.5)], 32, null],
    [[Math.fround(0.1)], 64, null],
  ] as const)('%s as %s bits: %s', (values, bits, expected) => {
    expect(decimalsOf(Float64Array.from(values), bits)).toBe(expected);
  });
});

describe('DecimalsTracker', () => {
  it('says the same in any order, and the largest of the parts is that of the whole', () => {
    fc.assert(
      fc.property(doubles, doubles, fc.constantFrom(32, 64), (left, right, bits) => {
        const cast = (values: number[]) => (bits === 32 ? values.map(Math.fround).filter(Number.isFinite) : values);
        const track = (values: number[]) => {
          const tracker = new DecimalsTracker(bits as 32 | 64);
          for (const x of values) tracker.add(x);
          return tracker.decimals;
        };
        const [a, b] = [cast(left), cast(right)];
        const whole = track([...a, ...b]);
        expect(track([...b, ...a].reverse())).toBe(whole);
        const parts = [track(a), track(b)];
        expect(parts.includes(null) ? null : Math.max(...(parts as number[]))).toBe(whole);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('boundedDecimals', () => {
  it.each([
    [2, 9999999999999.99, 64, 2],
    [2, 10000000000000, 64, null],
    [3, 999.5, 32, 3],
    [3, 1000, 32, null],
    [null, 1, 64, null],
  ] as const)('%s digits beside %s in %s bits: %s', (decimals, largest, bits, expected) => {
    expect(boundedDecimals(decimals, largest, bits)).toBe(expected);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extremesOf } from '../../../shared/parquet/write/page-loops.ts';

const arrays = fc.record({
  length: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(131_071, 131_072, 131_073, 262_147)),
  isFloat: fc.boolean(),
  /** where the extremes lie */
  low: fc.nat(),
  high: fc.nat(),
  offset: fc.integer({ min: 0, max: 3 }),
});

it('the smallest and the largest value are found wherever they lie', () => {
  fc.assert(
    fc.property(arrays, ({ length, isFloat, low, high, offset }) => {
      const values = (isFloat ? new Float32Array(length + offset) : new Float64Array(length + offset)).subarray(offset);
      for (let i = 0; i < length; i++) values[i] = ((i * 7919) % 1000) / 1024 - 0.5;
      if (length > 0) values[low % length] = -3.25;
      if (length > 0) values[high % length] = 4.5;
      const expected = { minimum: Number.POSITIVE_INFINITY, maximum: Number.NEGATIVE_INFINITY };
      for (const x of values) {
        expected.minimum = Math.min(expected.minimum, x);
        expected.maximum = Math.max(expected.maximum, x);
      }
      expect(extremesOf(values)).toEqual(expected);
    }),
  );
});

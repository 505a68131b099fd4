import fc from 'fast-check';
import { expect, it } from 'vitest';
import { componentDictionary } from '../../../shared/parquet/write/component-dictionary.ts';

/** Mostly small, as components numbered by falling weight are; now and then any. */
const code = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: -128, max: 127 }) },
);

it('the dictionary holds the codes that occur, ascending, wherever in their buffer they begin', () => {
  fc.assert(
    fc.property(fc.array(code, { maxLength: 300 }), fc.integer({ min: 0, max: 5 }), (codes, offset) => {
      const buffer = new Int8Array(offset + codes.length).fill(99);
      buffer.set(codes, offset);
      const { entries, places, isIdentity } = componentDictionary(buffer.subarray(offset));
      const expected = [...new Set(codes)].sort((a, b) => a - b);
      expect([...entries]).toEqual(expected);
      expect(codes.map((value) => entries[places[value & 0xff]])).toEqual(codes);
      expect(isIdentity).toBe(expected.every((value, place) => value === place));
    }),
    { numRuns: 500 },
  );
});

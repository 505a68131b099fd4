import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bitPacked, packedCapacity } from '../../../shared/parquet/write/rle-hybrid.ts';

const runs = fc.record({
  bitWidth: fc.integer({ min: 1, max: 8 }),
  length: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(8191, 8192, 8193, 20_001, 131_073)),
  seed: fc.integer(),
  isPlaced: fc.boolean(),
});

it('every value is found at its bits, and the last group is filled with zeros, whatever the target held', () => {
  fc.assert(
    fc.property(runs, ({ bitWidth, length, seed, isPlaced }) => {
      const values = Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, seed | 1) >>> 13) & ((1 << bitWidth) - 1));
      const target = new Uint8Array(packedCapacity(length, bitWidth)).fill(0xff);
      const places = Uint8Array.from({ length: 256 }, (_, byte) => (byte + 1) & ((1 << bitWidth) - 1));
      const [header, groups] = bitPacked(values, bitWidth, target, isPlaced ? places : undefined);
      const packed = isPlaced ? values.map((value) => places[value]) : values;
      expect(varint(header)).toBe(2 * Math.ceil(length / 8) + 1);
      expect(groups.length).toBe(Math.ceil(length / 8) * bitWidth);
      const wrong = Array.from({ length: Math.ceil(length / 8) * 8 }, (_, i) => i).find(
        (i) => bitsAt(groups, i * bitWidth, bitWidth) !== (packed[i] ?? 0),
      );
      expect(wrong).toBeUndefined();
    }),
  );
});

/** Bit by bit, as the format describes it. */
function bitsAt(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let bit = 0; bit < count; bit++) {
    value |= ((bytes[(start + bit) >> 3] >> ((start + bit) & 7)) & 1) << bit;
  }
  return value;
}

const varint = (bytes: Uint8Array) => bytes.reduce((sum, byte, i) => sum + (byte & 127) * 128 ** i, 0);

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import type { DecodedColumn } from '../../../shared/parquet/decode-column.ts';
import type { LeafColumn } from '../../../shared/parquet/footer-types.ts';

beforeAll(() => initialiseParquetWasm());

const leafOf = (physicalType: LeafColumn['physicalType'], typeLength = 0): LeafColumn => ({
  path: ['x'],
  physicalType,
  typeLength,
  maxDefinitionLevel: 0,
  maxRepetitionLevel: 0,
});
const decodedOf = (leaf: LeafColumn, rows: number, memory: ArrayBuffer, data = 0): DecodedColumn => ({
  rows,
  memory,
  offset: 0,
  validity: 0,
  values: 0,
  data,
  leaf,
  free() {},
});
/** Big-endian two's complement of `length` bytes. */
const bytesOf = (value: bigint, length: number) =>
  Array.from({ length }, (_, i) => Number((BigInt.asUintN(8 * length, value) >> BigInt(8 * (length - 1 - i))) & 255n));
const isInexact = (value: bigint) => BigInt(Number(value)) !== value;

/** Integers of every size up to `bits`, many of them close to where doubles round the other way. */
const integers = (bits: number) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: bits - 1 }),
      fc.bigInt({ min: 0n, max: 2n ** 54n }),
      fc.integer({ min: -2, max: 2 }),
      fc.boolean(),
    )
    .map(([shift, mantissa, nudge, isNegative]) => {
      const magnitude = BigInt.asUintN(bits - 1, (mantissa << BigInt(shift)) + BigInt(nudge));
      return isNegative ? -magnitude : magnitude;
    });
const column = (bits: number) => fc.array(integers(bits), { minLength: 1, maxLength: 50 });

describe('toDoubles', () => {
  it('gives the double nearest to any decimal in byte arrays of fixed length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }).chain((length) => fc.tuple(fc.constant(length), column(8 * length))),
        fc.integer({ min: 0, max: 40 }),
        ([length, unscaled], scale) => {
          const memory = Uint8Array.from(unscaled.flatMap((value) => bytesOf(value, length))).buffer;
          const decoded = decodedOf(leafOf('FIXED_LEN_BYTE_ARRAY', length), unscaled.length, memory);
          const { values, inexact } = toDoubles(decoded, { kind: 'decimal', precision: 76, scale });
          // + 0: there is no negative zero among integers
          expect(Array.from(values)).toEqual(unscaled.map((value) => Number(`${value}e-${scale}`) + 0));
          expect(inexact).toBe(unscaled.filter(isInexact).length);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives the double nearest to any decimal in byte arrays of their own length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(integers(200), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 20 }),
        (entries) => {
          const pieces = entries.map(([value, padding]) =>
            bytesOf(value, Math.ceil((value.toString(2).length + 1) / 8) + padding),
          );
          const offsets = [0];
          for (const piece of pieces) offsets.push(offsets.at(-1)! + piece.length);
          const memory = Buffer.concat([Buffer.from(Int32Array.from(offsets).buffer), Buffer.from(pieces.flat())]);
          const buffer = Uint8Array.from(memory).buffer;
          const decoded = decodedOf(leafOf('BYTE_ARRAY'), entries.length, buffer, 4 * offsets.length);
          const { values } = toDoubles(decoded, { kind: 'decimal', precision: 76, scale: 7 });
          expect(Array.from(values)).toEqual(entries.map(([value]) => Number(`${value}e-7`) + 0));
        },
      ),
    );
  });

  it('gives the double nearest to any decimal and integer of 64 bits', () => {
    fc.assert(
      fc.property(column(64), fc.integer({ min: 0, max: 30 }), (unscaled, scale) => {
        const decoded = decodedOf(leafOf('INT64'), unscaled.length, BigInt64Array.from(unscaled).buffer);
        const decimals = toDoubles(decoded, { kind: 'decimal', precision: 18, scale });
        expect(Array.from(decimals.values)).toEqual(unscaled.map((value) => Number(`${value}e-${scale}`) + 0));
        const integers = toDoubles(decoded, { kind: 'integer', bits: 64, signed: true });
        expect(Array.from(integers.values)).toEqual(unscaled.map(Number));
        expect([decimals.inexact, integers.inexact]).toEqual(Array(2).fill(unscaled.filter(isInexact).length));
        const unsigned = toDoubles(decoded, { kind: 'integer', bits: 64, signed: false });
        expect(Array.from(unsigned.values)).toEqual(unscaled.map((value) => Number(BigInt.asUintN(64, value))));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads validity bits from any offset, and does not count what lies under nulls', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 0, max: 20 }),
        (valid, offset) => {
          const rows = valid.length;
          const memory = new ArrayBuffer(8 * (offset + rows) + 32);
          new BigInt64Array(memory, 0, offset + rows).fill(2n ** 60n + 1n);
          const bitmap = new Uint8Array(memory, 8 * (offset + rows));
          valid.forEach((isValid, i) => {
            bitmap[(offset + i) >> 3] |= Number(isValid) << ((offset + i) & 7);
          });
          const decoded = { ...decodedOf(leafOf('INT64'), rows, memory), offset, validity: 8 * (offset + rows) };
          const target = { values: new Float64Array(rows + 3).fill(-7), valid: new Uint8Array(rows + 3).fill(9) };
          const columnValues = toDoubles(decoded, { kind: 'integer', bits: 64, signed: true }, target);
          expect(Array.from(columnValues.valid)).toEqual(valid.map(Number));
          expect([columnValues.nulls, columnValues.inexact]).toEqual([
            valid.filter((v) => !v).length,
            valid.filter(Boolean).length,
          ]);
          expect([
            columnValues.values.length,
            Array.from(target.values.subarray(rows)),
            Array.from(target.valid.subarray(rows)),
          ]).toEqual([rows, [-7, -7, -7], [9, 9, 9]]);
        },
      ),
    );
  });

  it('refuses a target that is too short', () => {
    const decoded = decodedOf(leafOf('DOUBLE'), 3, new ArrayBuffer(24));
    const target = { values: new Float64Array(3), valid: new Uint8Array(2) };
    expect(() => toDoubles(decoded, { kind: 'float', bits: 64 }, target)).toThrow('target must hold 3 rows, got 2');
  });
});

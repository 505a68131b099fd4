import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readStruct,
  THRIFT,
  type ThriftField,
  type ThriftStruct,
  type ThriftValue,
  writeStruct,
} from '../../shared/parquet/thrift.ts';

interface Typed {
  type: number;
  value: ThriftValue;
}
const typed = <T extends ThriftValue>(type: number, values: fc.Arbitrary<T>): fc.Arbitrary<Typed> =>
  values.map((value) => ({ type, value }));

const { struct } = fc.letrec<{ value: Typed; struct: ThriftStruct }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.boolean().map((bool) => ({ type: bool ? THRIFT.TRUE : THRIFT.FALSE, value: bool })),
    typed(THRIFT.I8, fc.integer({ min: -128, max: 127 })),
    typed(THRIFT.I16, fc.integer({ min: -32768, max: 32767 })),
    typed(THRIFT.I32, fc.integer()),
    typed(THRIFT.I64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    typed(THRIFT.DOUBLE, fc.uint8Array({ minLength: 8, maxLength: 8 })),
    typed(THRIFT.BINARY, fc.uint8Array({ maxLength: 200 })),
    tie('struct').map((nested) => ({ type: THRIFT.STRUCT, value: nested })),
    fc.array(fc.integer(), { maxLength: 20 }).map((values) => ({
      type: THRIFT.LIST,
      value: { elementType: THRIFT.I32, values },
    })),
    fc.array(fc.boolean(), { maxLength: 20 }).map((values) => ({
      type: THRIFT.SET,
      value: { elementType: THRIFT.FALSE, values },
    })),
    fc.array(tie('struct'), { maxLength: 3 }).map((values) => ({
      type: THRIFT.LIST,
      value: { elementType: THRIFT.STRUCT, values },
    })),
    fc.array(fc.tuple(fc.uint8Array(), fc.bigInt({ min: 0n, max: 99n })), { maxLength: 3 }).map((entries) => ({
      type: THRIFT.MAP,
      value: { keyType: entries.length && THRIFT.BINARY, valueType: entries.length && THRIFT.I64, entries },
    })),
  ),
  struct: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 32767 }), tie('value')), { selector: ([id]) => id, maxLength: 5 })
    .map((fields) => ({
      fields: fields.map(([id, { type, value }]): ThriftField => ({ id, type, value })).sort((a, b) => a.id - b.id),
    })),
}));

describe('the Thrift codec', () => {
  it('reads back what it wrote, whatever stands before and after', () => {
    fc.assert(
      fc.property(struct, fc.uint8Array(), fc.uint8Array(), (written, before, after) => {
        const bytes = writeStruct(written);
        const read = readStruct(Uint8Array.from([...before, ...bytes, ...after]), before.length);
        expect(read.struct).toEqual(written);
        expect(read.end).toBe(before.length + bytes.length);
        expect(writeStruct(read.struct)).toEqual(bytes);
      }),
    );
  });

  it('answers any bytes with a struct or a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (bytes) => {
        try {
          expect(readStruct(bytes).end).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('answers bytes that end early with a RangeError', () => {
    fc.assert(
      fc.property(struct, fc.nat(), (written, place) => {
        const bytes = writeStruct(written);
        const cut = bytes.subarray(0, place % bytes.length);
        expect(() => readStruct(cut)).toThrow(RangeError);
      }),
    );
  });

  it('holds every 64-bit integer', () => {
    const limits = [
      0n,
      1n,
      -1n,
      2n ** 31n,
      2n ** 48n,
      2n ** 49n,
      -(2n ** 49n),
      2n ** 53n + 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ];
    const written = { fields: limits.map((value, i) => ({ id: i + 1, type: THRIFT.I64, value })) };
    expect(readStruct(writeStruct(written)).struct).toEqual(written);
  });

  it.each([
    ['structs', [0x1c]],
    ['lists', [0x19, ...Array(100).fill(0x19)]],
    ['maps', [0x1b, ...Array(100).fill([0x01, 0xbb]).flat()]],
  ])('does not follow %s without end', (_, nested) => {
    const bytes = Uint8Array.from(Array(200).fill(nested).flat());
    expect(() => readStruct(bytes)).toThrow(/must nest at most 64 deep/);
  });

  it('allocates for a size only what the bytes left could hold', () => {
    // field 1, a list of i32, of 2^32 elements
    expect(() => readStruct(Uint8Array.from([0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(
      'thrift size must fit the 0 bytes left, got 4294967295',
    );
  });
});

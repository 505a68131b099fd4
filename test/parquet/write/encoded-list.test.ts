import { describe, expect, it } from 'vitest';
import { type ThriftStruct, writeStruct } from '../../../shared/parquet/thrift.ts';
import { i32, i64, structs, text } from '../../../shared/parquet/thrift-fields.ts';
import { writeWithEncodedList } from '../../../shared/parquet/write/encoded-list.ts';

describe('writeWithEncodedList', () => {
  it.each([0, 1, 14, 15, 127, 128, 20_000])('%i encoded structs give the bytes of the whole struct', (size) => {
    const elements: ThriftStruct[] = Array.from({ length: size }, (_, i) => ({
      fields: [i64(2, i), text(9, `n${i}`)],
    }));
    const before = [i32(1, 2), structs(2, [{ fields: [] }]), i64(3, -1)];
    const encoded = elements.map(writeStruct);
    for (const after of [[], [text(5, 'five')], [text(6, 'six'), i32(90, 7)]]) {
      const whole = writeStruct({ fields: [...before, structs(4, elements), ...after] });
      expect(Buffer.compare(writeWithEncodedList(before, 4, encoded, after), whole)).toBe(0);
    }
  });
});

import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkPages } from '../../../shared/parquet/check-pages.ts';
import type { ColumnChunk } from '../../../shared/parquet/footer-types.ts';
import { THRIFT, type ThriftField, writeStruct } from '../../../shared/parquet/thrift.ts';

const i32 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I32, value });

interface Page {
  kind: 'v1' | 'v2' | 'dictionary';
  values: number;
  bytes?: number[];
  compressed?: number;
  uncompressed?: number;
  crc?: number;
}

/** A page header and what follows it. */
function page({ kind, values, bytes = [1, 2, 3], compressed = bytes.length, uncompressed = 3, crc }: Page): number[] {
  const id = { v1: 5, dictionary: 7, v2: 8 }[kind];
  const fields = [i32(1, { v1: 0, dictionary: 2, v2: 3 }[kind]), i32(2, uncompressed), i32(3, compressed)];
  if (crc !== undefined) fields.push(i32(4, crc));
  fields.push({ id, type: THRIFT.STRUCT, value: { fields: [i32(1, values)] } });
  return [...writeStruct({ fields }), ...bytes];
}

const check = (numValues: number, ...pages: Page[]) =>
  checkPages({ numValues, uncompressedBytes: 100 } as ColumnChunk, Uint8Array.from(pages.flatMap(page)));

describe('checkPages', () => {
  it('accepts a dictionary and data pages of either version that hold the values of the chunk', () => {
    expect(() =>
      check(10, { kind: 'dictionary', values: 99 }, { kind: 'v1', values: 4 }, { kind: 'v2', values: 6 }),
    ).not.toThrow();
  });

  it('accepts a checksum that fits, also where it is negative as a 32-bit integer', () => {
    const sums = [[1, 2, 3], [7, 7], [0]].map((bytes) => ({ bytes, crc: crc32(Uint8Array.from(bytes)) | 0 }));
    expect(sums.some(({ crc }) => crc < 0)).toBe(true);
    for (const sum of sums) expect(() => check(1, { kind: 'v1', values: 1, ...sum })).not.toThrow();
  });

  it('ignores what stands behind the last value', () => {
    expect(() => check(1, { kind: 'v1', values: 1 }, { kind: 'v1', values: 0, compressed: 1e6 })).not.toThrow();
  });

  it.each<[string, Page[], string]>([
    [
      'another checksum',
      [{ kind: 'v1', values: 10, crc: 1 }],
      'page 0 must have the checksum that was written with it',
    ],
    ['too few values', [{ kind: 'v1', values: 9 }], 'its pages must hold 10 values, they hold 9'],
    [
      'too many values',
      [
        { kind: 'v1', values: 9 },
        { kind: 'v2', values: 2 },
      ],
      'its pages must hold 10 values, they hold 11',
    ],
    ['no pages', [], 'its pages must hold 10 values, they hold 0'],
    [
      'a negative number of values',
      [{ kind: 'v1', values: -1 }],
      'num_values of page 0 must be an integer >= 0, got -1',
    ],
    ['a page beyond the chunk', [{ kind: 'v1', values: 10, compressed: 4 }], 'page 0 must end in its chunk'],
    [
      'a negative size',
      [{ kind: 'v1', values: 10, compressed: -1 }],
      'compressed_page_size of page 0 must be an integer >= 0',
    ],
    [
      'a page of two gigabytes that the footer does not know of',
      [{ kind: 'v1', values: 10, uncompressed: 2 ** 31 - 1 }],
      'its pages must decode to 100 bytes, they say 2147483647',
    ],
  ])('refuses %s', (_, pages, message) => {
    expect(() => check(10, ...pages)).toThrow(RangeError);
    expect(() => check(10, ...pages)).toThrow(message);
  });
});

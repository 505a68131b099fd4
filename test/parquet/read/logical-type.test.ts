import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import type { LeafColumn, PhysicalType } from '../../../shared/parquet/footer-types.ts';
import { leafTypeName, logicalTypeOf, numericTypeOf } from '../../../shared/parquet/logical-type.ts';
import { THRIFT, type ThriftField, type ThriftStruct } from '../../../shared/parquet/thrift.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { edit, footerOf, metadataOf, readNumbers, withMetadata } from './parquet-file.ts';

const i8 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I8, value });
const i32 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I32, value });
const bool = (id: number, value: boolean): ThriftField => ({ id, type: value ? THRIFT.TRUE : THRIFT.FALSE, value });
const struct = (id: number, ...fields: ThriftField[]): ThriftField => ({ id, type: THRIFT.STRUCT, value: { fields } });

const logical = (id: number, ...parameters: ThriftField[]): ThriftStruct => ({
  fields: [struct(10, struct(id, ...parameters))],
});
const converted = (code: number, ...fields: ThriftField[]): ThriftStruct => ({ fields: [i32(6, code), ...fields] });
const leafOf = (physicalType: PhysicalType, typeLength = 0): LeafColumn => ({
  path: ['x'],
  physicalType,
  typeLength,
  maxDefinitionLevel: 0,
  maxRepetitionLevel: 0,
});

describe('types of columns', () => {
  it.each<[string, ThriftStruct, LeafColumn, unknown]>([
    ['INT32', { fields: [] }, leafOf('INT32'), { kind: 'integer', bits: 32, signed: true }],
    ['DOUBLE', { fields: [] }, leafOf('DOUBLE'), { kind: 'float', bits: 64 }],
    ['INT96', { fields: [] }, leafOf('INT96'), null],
    ['FIXED_LEN_BYTE_ARRAY(5)', { fields: [] }, leafOf('FIXED_LEN_BYTE_ARRAY', 5), null],
    [
      'INTEGER(16, unsigned)',
      logical(10, i8(1, 16), bool(2, false)),
      leafOf('INT32'),
      { kind: 'integer', bits: 16, signed: false },
    ],
    ['INTEGER(64, signed)', converted(18), leafOf('INT64'), { kind: 'integer', bits: 64, signed: true }],
    ['INTEGER(8, unsigned)', converted(11), leafOf('INT32'), { kind: 'integer', bits: 8, signed: false }],
    ['INTEGER(64, signed) in INT32', converted(18), leafOf('INT32'), null],
    ['INTEGER(24, signed)', logical(10, i8(1, 24), bool(2, true)), leafOf('INT32'), null],
    ['DECIMAL(9,3)', logical(5, i32(1, 3), i32(2, 9)), leafOf('INT32'), { kind: 'decimal', precision: 9, scale: 3 }],
    [
      'DECIMAL(9,3) in INT64',
      converted(5, i32(7, 3), i32(8, 9)),
      leafOf('INT64'),
      { kind: 'decimal', precision: 9, scale: 3 },
    ],
    [
      'DECIMAL(20,0) in BYTE_ARRAY',
      converted(5, i32(8, 20)),
      leafOf('BYTE_ARRAY'),
      { kind: 'decimal', precision: 20, scale: 0 },
    ],
    [
      'DECIMAL(38,0)',
      converted(5, i32(8, 38)),
      leafOf('FIXED_LEN_BYTE_ARRAY', 16),
      { kind: 'decimal', precision: 38, scale: 0 },
    ],
    [
      'DECIMAL(38,0) in FIXED_LEN_BYTE_ARRAY(17)',
      converted(5, i32(8, 38)),
      leafOf('FIXED_LEN_BYTE_ARRAY', 17),
      { kind: 'decimal', precision: 38, scale: 0 },
    ],
    ['DECIMAL(77,0) in BYTE_ARRAY', converted(5, i32(8, 77)), leafOf('BYTE_ARRAY'), null],
    ['DECIMAL(3,4)', logical(5, i32(1, 4), i32(2, 3)), leafOf('INT32'), null],
    ['DECIMAL(3,-1)', logical(5, i32(1, -1), i32(2, 3)), leafOf('INT32'), null],
    ['DECIMAL(undefined,0) in INT32', converted(5), leafOf('INT32'), null],
    ['DECIMAL(9,3) in DOUBLE', logical(5, i32(1, 3), i32(2, 9)), leafOf('DOUBLE'), null],
    ['DATE', converted(6), leafOf('INT32'), { kind: 'date' }],
    ['DATE in INT64', logical(6), leafOf('INT64'), null],
    ['TIMESTAMP(ms, UTC)', converted(9), leafOf('INT64'), { kind: 'timestamp', unit: 'ms' }],
    [
      'TIMESTAMP(ns)',
      logical(8, bool(1, false), struct(2, struct(3))),
      leafOf('INT64'),
      { kind: 'timestamp', unit: 'ns' },
    ],
    [
      'TIMESTAMP(us, UTC)',
      logical(8, bool(1, true), struct(2, struct(2))),
      leafOf('INT64'),
      { kind: 'timestamp', unit: 'us' },
    ],
    ['TIMESTAMP(?)', logical(8, bool(1, false), struct(2, struct(4))), leafOf('INT64'), null],
    ['TIME(ms)', logical(7, bool(1, false), struct(2, struct(1))), leafOf('INT32'), null],
    ['FLOAT16', logical(15), leafOf('FIXED_LEN_BYTE_ARRAY', 2), null],
    ['UUID', logical(14), leafOf('FIXED_LEN_BYTE_ARRAY', 16), null],
    ['LOGICAL(99) in INT64', logical(99), leafOf('INT64'), null],
    ['CONVERTED(99) in INT64', converted(99), leafOf('INT64'), null],
  ])('%s', (name, element, leaf, numeric) => {
    const logicalType = logicalTypeOf(element);
    expect(leafTypeName(leaf, logicalType)).toBe(name);
    expect(numericTypeOf(leaf, logicalType)).toEqual(numeric);
  });

  it('LogicalType goes before ConvertedType, which old readers see', () => {
    const both = { fields: [i32(6, 10), struct(10, struct(8, bool(1, false), struct(2, struct(2))))] };
    expect(logicalTypeOf(both)).toBe('TIMESTAMP(us)');
  });
});

describe('columns of a file', () => {
  const folder = temporaryFolder();
  beforeAll(() => initialiseParquetWasm());
  const write = async (query: string) => {
    const path = join(folder, 'f.parquet');
    await writeParquetFile(path, query);
    return Uint8Array.from(readFileSync(path));
  };

  it('nested ones that differ only in what their leaves mean have different names', async () => {
    const us = footerOf(
      await write("select [timestamp '2000-01-01'] as l, {'a': 1, 'm': map {'k': 1.5::double}} as s"),
    );
    const ms = footerOf(await write("select ['2000-01-01'::timestamp_ms] as l"));
    expect(us.columns.map(({ typeName }) => typeName)).toEqual([
      'LIST<TIMESTAMP(us)>',
      'STRUCT<INTEGER(32, signed), STRING, DOUBLE>',
    ]);
    expect(ms.columns[0].typeName).toBe('LIST<TIMESTAMP(ms)>');
    expect([...us.columns, ...ms.columns].map(({ numeric }) => numeric)).toEqual([null, null, null]);
  });

  it('decimals in byte arrays of their own length are numbers', async () => {
    const file = await write(
      "select unnest(['\\x01\\x00'::blob, '\\xFF'::blob, null, '\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x7B'::blob]) as x",
    );
    const metadata = edit(metadataOf(file), [2, 1], ({ fields }) => ({
      fields: [...fields.filter(({ id }) => id < 6), i32(6, 5), i32(7, 2), i32(8, 30)],
    }));
    expect(readNumbers(withMetadata(file, metadata)).x).toEqual({
      values: [2.56, -0.01, null, 1.23],
      inexact: 0,
      type: 'DECIMAL(30,2) in BYTE_ARRAY',
    });
  });

  it('a repeated leaf is not a number', async () => {
    const file = await write('select 1 as x');
    const metadata = edit(metadataOf(file), [2, 1], ({ fields }) => ({
      fields: fields.map((field) => (field.id === 3 ? i32(3, 2) : field)),
    }));
    expect(footerOf(withMetadata(file, metadata)).columns[0]).toMatchObject({
      numeric: null,
      typeName: 'repeated INTEGER(32, signed)',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { hiveTypeOf } from '../../shared/catalog/hive-type.ts';
import { tableColumns } from '../../shared/catalog/table-columns.ts';
import { readFooter } from '../../shared/parquet/footer.ts';
import type { PhysicalType } from '../../shared/parquet/footer-types.ts';
import type { SchemaNode } from '../../shared/parquet/schema-tree.ts';
import { EVERY_TYPE } from '../parquet/write/every-type.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { storesOf } from '../support/stage-run.ts';

async function columnsOf(query: string) {
  const { input } = storesOf({ x: await parquetBytes(query) });
  const { etag, sizeBytes } = (await input.head('x'))!;
  return tableColumns(await readFooter(input, 'x', etag, sizeBytes));
}

const leaf = (physicalType: PhysicalType, logicalType: string | null = null, name = 'x'): SchemaNode => ({
  name,
  isRepeated: false,
  logicalType,
  leaf: { path: [name], physicalType, typeLength: 0, maxDefinitionLevel: 1, maxRepetitionLevel: 0 },
  children: [],
});
const group = (children: SchemaNode[], changes: Partial<SchemaNode> = {}): SchemaNode => ({
  name: 'x',
  isRepeated: false,
  logicalType: null,
  leaf: undefined,
  children,
  ...changes,
});

describe('the columns of a dataset’s table', () => {
  it('are those of the parts, with the types that read them right', async () => {
    const { columns, omitted } = await columnsOf(EVERY_TYPE);
    expect(Object.fromEntries(columns.map(({ Name, Type }) => [Name, Type]))).toEqual({
      i: 'bigint',
      i8: 'tinyint',
      i16: 'smallint',
      i32: 'int',
      u8: 'smallint',
      u16: 'int',
      i64: 'bigint',
      f: 'float',
      d: 'double',
      nullable: 'double',
      m4: 'decimal(4,1)',
      m9: 'decimal(9,3)',
      m18: 'decimal(18,3)',
      m38: 'decimal(38,10)',
      flag: 'boolean',
      day: 'date',
      us: 'timestamp',
      ms: 'timestamp',
      tz: 'timestamp',
      distinct_text: 'string',
      few_texts: 'string',
      bytes: 'binary',
      word: 'string',
      id: 'binary',
      list: 'array<bigint>',
      nested: 'array<array<bigint>>',
      record: 'struct<x:bigint,y:struct<z:string>>',
      records: 'array<struct<k:bigint,v:array<string>>>',
      dictionary: 'map<string,bigint>',
      nothing: 'int',
    });
    expect(omitted).toEqual([
      { name: 'u32', reason: 'Athena does not read INTEGER(32, unsigned) right' },
      { name: 'u64', reason: 'Athena does not read INTEGER(64, unsigned) right' },
      { name: 'clock', reason: 'Athena does not read TIME(us) right' },
      { name: 'ns', reason: 'Athena does not read TIMESTAMP(ns) right' },
      { name: 'period', reason: 'Athena does not read INTERVAL right' },
    ]);
  });

  it('have lower case names; one that Glue would refuse, or that SQL could not tell from another, has no column', async () => {
    const long = 'n'.repeat(256);
    const { columns, omitted } = await columnsOf(
      `select 1 as "Größe", 2 as "a b;c:d,e", 3 as "tab\there", 4 as "line\nbreak", 5 as "${long}"`,
    );
    expect(columns.map(({ Name }) => Name)).toEqual(['größe', 'a b;c:d,e', 'tab\there']);
    expect(omitted).toEqual([
      { name: 'line\nbreak', reason: 'its name is empty or holds control characters' },
      { name: long, reason: 'its name has more than 255 characters' },
    ]);
  });

  it('lack every column of a name in two cases, in the order of the parts', async () => {
    const { input } = storesOf({ x: await parquetBytes('select 1 as a, 2 as b, 3 as c') });
    const { etag, sizeBytes } = (await input.head('x'))!;
    const footer = await readFooter(input, 'x', etag, sizeBytes);
    const columns = footer.columns.map((column, i) => ({ ...column, name: ['X', 'y', 'x'][i] }));
    expect(tableColumns({ ...footer, columns })).toEqual({
      columns: [{ Name: 'y', Type: 'int' }],
      omitted: ['X', 'x'].map((name) => ({ name, reason: 'its name differs from another only in case' })),
    });
  });
});

describe('a Parquet type that Athena’s engine', () => {
  it.each([
    ['wraps', leaf('INT64', 'INTEGER(64, unsigned)'), 'Athena does not read INTEGER(64, unsigned) right'],
    ['rounds', leaf('INT96'), 'Athena does not read INT96 right'],
    ['has no width for', leaf('FIXED_LEN_BYTE_ARRAY', 'FLOAT16'), 'Athena does not read FLOAT16 right'],
    ['has no digits for', leaf('FIXED_LEN_BYTE_ARRAY', 'DECIMAL(39,2)'), 'SQL has decimals of at most 38 digits'],
    ['does not know', group([leaf('BYTE_ARRAY')], { logicalType: 'VARIANT' }), 'SQL has no type for VARIANT'],
    ['takes for another', { ...leaf('INT32'), isRepeated: true }, 'it is a repeated field outside of a list'],
    [
      'guesses at',
      group([{ ...leaf('INT32', null, 'array'), isRepeated: true }], { logicalType: 'LIST' }),
      'it is a list in a form that is no longer written',
    ],
    [
      'guesses at, too',
      group([{ ...leaf('INT32'), isRepeated: true }], { logicalType: 'MAP' }),
      'it is a map in a form that is no longer written',
    ],
    ['cannot name', group([leaf('INT32', null, 'a b')]), 'its field "a b" cannot be named in a SQL type'],
    [
      'cannot tell apart',
      group([leaf('INT32', null, 'a'), leaf('INT32', null, 'A')]),
      'its fields a differ only in case',
    ],
    ['finds nothing in', group([]), 'it is a struct without fields'],
    [
      'wraps deep inside',
      group([group([leaf('INT32', 'INTEGER(32, unsigned)')], { isRepeated: true })], { logicalType: 'LIST' }),
      'Athena does not read INTEGER(32, unsigned) right',
    ],
  ])('%s has none', (_, node, reason) => {
    expect(hiveTypeOf(node)).toEqual({ reason: expect.stringContaining(reason) });
  });
});

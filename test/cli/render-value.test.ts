import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonOf } from '../../cli/json-value.ts';
import { renderValue } from '../../cli/render-value.ts';

const expressions = [
  '1e21::DOUBLE',
  '1e16::DOUBLE',
  '1e15::DOUBLE',
  '9999999999999998::DOUBLE',
  '1e-4::DOUBLE',
  '1e-5::DOUBLE',
  '5e-324::DOUBLE',
  '0.1::FLOAT',
  '123456789::FLOAT',
  '16777216::FLOAT',
  '3.4e38::FLOAT',
  '1e-45::FLOAT',
  "'nan'::DOUBLE",
  "'-inf'::FLOAT",
  "'-0.0'::DOUBLE",
  '9223372036854775807',
  '(-170141183460469231731687303715884105727)::HUGEINT',
  '18446744073709551615::UBIGINT',
  '-1::TINYINT',
  '1.10::DECIMAL(10,2)',
  '-0.05::DECIMAL(4,2)',
  '99999999999999999999999999999999999.999::DECIMAL(38,3)',
  'true',
  "'text'",
  "''",
  "TIMESTAMP '2001-02-03 04:05:06.000007'",
  "TIMESTAMP_NS '2001-02-03 04:05:06.123456789'",
  "TIMESTAMP_MS '2001-02-03 04:05:06.5'",
  "TIMESTAMP_S '1900-02-03 04:05:06'",
  "TIMESTAMPTZ '2001-02-03 04:05:06.5+00'",
  "TIMESTAMP '0044-03-15 (BC) 12:00:00'",
  "'infinity'::TIMESTAMP",
  "DATE '2001-02-03'",
  "'-infinity'::DATE",
  "TIME '04:05:06.5'",
  "INTERVAL '1 year 2 days 3 seconds'",
  "'\\xAA\\x00b'::BLOB",
  "'0101'::BIT",
  "'00000000-0000-0000-0000-00000000002a'::UUID",
  "'b'::ENUM('a', 'b')",
  'union_value(k := 2.0::DOUBLE)',
  '[1.0::DOUBLE, NULL, 2.5]',
  '[]::INT[]',
  "['a b', 'c,d', 'null', '', NULL, ' x', 'it''s']",
  '[[1.0::FLOAT], []]',
  'array_value(1.0::FLOAT, 2.5)',
  "{'a': 1.0::FLOAT, 'b c': 'x y, z', 'd''e': NULL}",
  "MAP {'k': 1.5::DOUBLE, 'l,m': NULL}",
  "[{'t': TIMESTAMP '2001-01-01 00:00:00'}]",
  "MAP {DATE '2001-01-01': [1.0::DOUBLE]}",
];

/** A number bound as such becomes an integer where it has no fraction. */
const text = (number: number) => (Object.is(number, -0) ? '-0' : String(number));

describe('rendering of DuckDB values', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => connection.closeSync());

  async function rendered(
    select: string,
    values: DuckDBValue[] = [],
  ): Promise<{ ours: string[]; theirs: DuckDBValue[] }> {
    const result = await connection.run(select, values);
    const [[value, ...theirs]] = await result.getRows();
    const type = result.columnType(0);
    return { ours: [renderValue(value, type), jsonOf(value, type)], theirs };
  }

  it.each(expressions)('shows %s as a cast to VARCHAR would', async (expression) => {
    const { ours, theirs } = await rendered(`SELECT v, v::VARCHAR FROM (SELECT ${expression} AS v)`);
    expect(ours[0]).toBe(theirs[0]);
  });

  it('refuses fields without names, of which the library keeps only one', async () => {
    await expect(rendered("SELECT row(1, 'a')")).rejects.toThrow('the fields of a struct must have names');
  });

  it('shows null as NULL, and as null in JSON', async () => {
    expect((await rendered('SELECT NULL::DOUBLE')).ours).toEqual(['NULL', 'null']);
  });

  it('shows any double and float with the digits that give it back', async () => {
    const numbers = fc.oneof(
      fc.double(),
      fc.double({ min: -1e6, max: 1e6 }),
      fc.integer().map((n) => n / 1000),
    );
    await fc.assert(
      fc.asyncProperty(numbers, async (number) => {
        const double = await rendered('SELECT v, v::VARCHAR FROM (SELECT $1::VARCHAR::DOUBLE AS v)', [text(number)]);
        expect(double.ours[0]).toBe(double.theirs[0]);
        const float = await rendered('SELECT v, NULL, length(v::VARCHAR) FROM (SELECT $1::VARCHAR::FLOAT AS v)', [
          text(Math.fround(number)),
        ]);
        if (!Number.isFinite(Math.fround(number))) return;
        expect(Math.fround(Number(float.ours[0])) === Math.fround(number)).toBe(true);
        // DuckDB's own float text is now and then a digit longer than need be
        expect(float.ours[0].length).toBeLessThanOrEqual(Number(float.theirs[1]));
      }),
      { numRuns: 300 },
    );
  });

  it('quotes text inside lists, structs and maps where DuckDB does', async () => {
    const texts = fc.string({ unit: fc.constantFrom(...'ab 01\t\n\\\'"(),:=[]{};NULl-é'), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        for (const shape of ['[v]', "{'k': v}", 'MAP {v: v}', '[[v, NULL]]']) {
          const select = `SELECT w, w::VARCHAR FROM (SELECT ${shape} AS w FROM (SELECT $1::VARCHAR AS v))`;
          const { ours, theirs } = await rendered(select, [text]);
          expect(ours[0]).toBe(theirs[0]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps every digit in JSON, and what JSON has no word for as text', async () => {
    const cases = {
      '9223372036854775807': '9223372036854775807',
      '99999999999999999999.99::DECIMAL(22,2)': '99999999999999999999.99',
      '0.1::FLOAT': '0.1',
      "'nan'::DOUBLE": '"nan"',
      true: 'true',
      "'a\"b'": '"a\\"b"',
      "TIMESTAMP '2001-01-01 00:00:00'": '"2001-01-01 00:00:00"',
      "{'a': [1.5::DOUBLE, NULL], 'b': DATE '2001-01-01'}": '{"a":[1.5,null],"b":"2001-01-01"}',
      "MAP {1: 'x'}": '{"1":"x"}',
    };
    for (const [expression, json] of Object.entries(cases)) {
      expect((await rendered(`SELECT ${expression}`)).ours[1]).toBe(json);
    }
  });
});

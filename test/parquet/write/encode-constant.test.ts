import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readParquet } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { encodeConstant } from '../../../shared/parquet/write/encode-constant.ts';
import { folderColumn } from '../../../shared/parquet/write/output-columns.ts';
import { temporaryFolder } from '../../support/command.ts';
import { sql } from '../../support/duckdb.ts';
import { partOf } from './part-fixture.ts';

const path = join(temporaryFolder(), 'constant.parquet');
beforeAll(() => initialiseParquetWasm());

describe('encodeConstant', () => {
  it.each([
    ['2024', 1],
    ['', 63],
    ['Zürich, 東京 🙂', 64],
    ['a'.repeat(5_000), 8_191],
    ['x', 8_192],
    ['x', 1_048_577],
    ['x', 3_000_000],
    [null, 1],
    [null, 1_048_577],
  ])('%j for %i rows is read by DuckDB and parquet-wasm', async (value, rows) => {
    const part = await partOf([folderColumn('year')], rows, [encodeConstant(value, rows)]);
    writeFileSync(path, part);
    const [read] = await sql(
      `select count(*) as n, count(year) as there, min(year) as low, max(year) as high from '${path}'`,
    );
    expect(read).toEqual({ n: BigInt(rows), there: value === null ? 0n : BigInt(rows), low: value, high: value });
    const table = readParquet(part);
    const decoded = table.recordBatches().map((batch) => {
      const { numRows } = batch;
      batch.free();
      return numRows;
    });
    table.free();
    expect(decoded.reduce((sum, n) => sum + n, 0)).toBe(rows);
  });

  it('its size does not grow with the rows but for the digits of a run', () => {
    const size = (rows: number) => encodeConstant('2024', rows).pieces.reduce((sum, { length }) => sum + length, 0);
    expect(size(2_000_000_000) - size(1)).toBeLessThan(20);
  });

  it('statistics are the text itself', () => {
    const text = new TextEncoder().encode('é');
    expect(encodeConstant('é', 5)).toMatchObject({ minimum: text, maximum: text, nullCount: 0, numValues: 5 });
    expect(encodeConstant(null, 5)).toMatchObject({ minimum: null, maximum: null, nullCount: 5, numValues: 5 });
  });
});

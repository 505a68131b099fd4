import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { checkPages } from '../../../shared/parquet/check-pages.ts';
import { type ColumnValues, toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../../shared/parquet/decode-column.ts';
import { decodeDoubles } from '../../../shared/parquet/decode-doubles.ts';
import { copyPlainValues } from '../../../shared/parquet/plain-values.ts';
import { encodeNormalized } from '../../../shared/parquet/write/encode-pair.ts';
import { normalizedColumn } from '../../../shared/parquet/write/output-columns.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { partOf } from '../write/part-fixture.ts';
import { footerOf } from './parquet-file.ts';

beforeAll(() => initialiseParquetWasm());

const ROWS = 30_000;
const TABLE = `select (hash(i) >> 11)::double / 3e15 as d, (hash(i) >> 1)::bigint - 4000000000000000000 as l, hash(i) as u, (hash(i) >> 20)::decimal(18, 4) as m,
  timestamp '2001-01-01' + to_microseconds((hash(i) >> 24)::bigint) as t, case when i % 7 > 0 then hash(i) * 0.3 end as nulls,
  case when i % 3 = 0 then 0 else hash(i) * 0.1 end as zeros, (hash(i) % 30000)::float as f, i % 5 as few from range(${ROWS}) t(i)`;

const used = (rows: number) => ({ values: new Float64Array(rows + 1).fill(7), valid: new Uint8Array(rows).fill(7) });

/** Each numeric chunk by the decoder and by the shortest way, and whether that was not by the decoder. */
function bothWays(file: Uint8Array): { name: string; isDirect: boolean; decoded: ColumnValues; read: ColumnValues }[] {
  const { columns, leaves, rowGroups } = footerOf(file);
  return rowGroups.flatMap(({ rows, chunks }) =>
    columns
      .filter(({ numeric }) => numeric !== null)
      .map((column) => {
        const leaf = leaves[column.leafStart];
        const chunk = chunks[column.leafStart];
        const bytes = file.subarray(chunk.start, chunk.end);
        const stream = decodeColumn(column, leaf, chunk, bytes, rows, 'f');
        const decoded = toDoubles(stream, column.numeric!);
        stream.free();
        const isDirect = copyPlainValues(chunk, leaf, checkPages(chunk, bytes), bytes, new Uint8Array(8 * rows));
        const read = decodeDoubles(column, leaf, chunk, bytes, rows, 'f', used(rows));
        return { name: column.name, isDirect, decoded, read };
      }),
  );
}

describe('decodeDoubles', () => {
  it.each([
    ['uncompressed', ['d', 'l', 'u', 'm', 't']],
    ['snappy', ['d', 'l', 'u', 'm']],
    ['zstd', []],
  ])('reads what the decoder reads, %s', async (codec, direct) => {
    const path = join(temporaryFolder(), `${codec}.parquet`);
    await writeParquetFile(path, TABLE, `codec ${codec}, row_group_size 12000`);
    const columns = bothWays(Uint8Array.from(readFileSync(path)));
    expect(columns.length).toBe(9 * 3);
    for (const { name, isDirect, decoded, read } of columns) {
      expect([name, read.nulls, read.inexact, read.valid]).toEqual([
        name,
        decoded.nulls,
        decoded.inexact,
        decoded.valid,
      ]);
      expect(
        read.values.findIndex((value, row) => read.valid[row] === 1 && !Object.is(value, decoded.values[row])),
      ).toBe(-1);
      expect([name, isDirect]).toEqual([name, direct.includes(name)]);
    }
  });

  it('reads what the decoder reads, of many pages and with levels of one run', async () => {
    const rows = 300_000;
    const values = Float64Array.from({ length: rows }, (_, row) => Math.sin(row) * 1e9);
    const chunk = encodeNormalized(values, new Uint8Array(rows).fill(1));
    const [{ isDirect, decoded }] = bothWays(await partOf([normalizedColumn('z', 'float64')], rows, [chunk]));
    expect(isDirect).toBe(true);
    expect(decoded.values).toEqual(values);
  });
});

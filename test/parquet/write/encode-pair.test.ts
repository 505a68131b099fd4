import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { readParquet } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../../shared/parquet/decode-column.ts';
import { encodeComponents, encodeNormalized } from '../../../shared/parquet/write/encode-pair.ts';
import type { EncodedChunk } from '../../../shared/parquet/write/encoded-chunk.ts';
import { componentColumn, normalizedColumn, type OutputColumn } from '../../../shared/parquet/write/output-columns.ts';
import { temporaryFolder } from '../../support/command.ts';
import { sql } from '../../support/duckdb.ts';
import { oracleFile } from './oracle-encoder.ts';
import { footerOf, partOf } from './part-fixture.ts';

const folder = temporaryFolder();
beforeAll(() => initialiseParquetWasm());

const path = join(folder, 'pair.parquet');
const columns = (precision: 'float32' | 'float64') => [normalizedColumn('z', precision), componentColumn('k')];
const all = (rows: number, value: 0 | 1) => new Uint8Array(rows).fill(value);

/** Values that are not multiples of anything, in [-1, 1]. */
const wave = (rows: number) => Float64Array.from({ length: rows }, (_, row) => Math.sin(row * 1.7));
const codes = (rows: number) => Int8Array.from({ length: rows }, (_, row) => ((row * 7) % 103) - 3);

describe('encodeNormalized and encodeComponents', () => {
  it.each([1, 131_071, 131_072, 131_073, 300_000])('%i rows make one valid chunk', async (rows) => {
    const z = wave(rows);
    const k = codes(rows);
    const validZ = Uint8Array.from(z, (_, row) => (row % 3 === 1 ? 0 : 1));
    const validK = Uint8Array.from(k, (_, row) => (row % 6 === 1 ? 0 : 1));
    const chunks = [encodeNormalized(z, validZ), encodeComponents(k, validK)];
    const part = await partOf(columns('float64'), rows, chunks);
    const footer = footerOf(part);
    expect(footer.rowGroups.length).toBe(1);
    for (const [leaf, { values, valid }] of [
      { values: z, valid: validZ },
      { values: Float64Array.from(k), valid: validK },
    ].entries()) {
      const chunk = footer.rowGroups[0].chunks[leaf];
      const bytes = part.subarray(chunk.start, chunk.end);
      const decoded = decodeColumn(footer.columns[leaf], footer.leaves[leaf], chunk, bytes, rows, 'the part');
      const read = toDoubles(decoded, footer.columns[leaf].numeric!);
      decoded.free();
      expect(Buffer.compare(read.valid, valid)).toBe(0);
      expect(read.values.findIndex((value, row) => valid[row] === 1 && value !== values[row])).toBe(-1);
    }
  });

  it('DuckDB sees every value of a row group of several slices, the component as TINYINT', async () => {
    const rows = 300_000;
    const valid = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 1 ? 0 : 1));
    const chunks = [encodeNormalized(Float32Array.from(wave(rows)), valid), encodeComponents(codes(rows), valid)];
    writeFileSync(path, await partOf(columns('float32'), rows, chunks));
    const [read] = await sql(
      `select count(*) as n, count(z) as z, count(k) as k, any_value(typeof(z)) as type_z, any_value(typeof(k)) as type_k,
        count(*) filter ((z is null) != (file_row_number % 3 = 1) or (k is null) != (file_row_number % 3 = 1)) as nulls,
        count(*) filter (z != sin(file_row_number * 1.7::double)::float) as wrong_z,
        count(*) filter (k != (file_row_number * 7) % 103 - 3) as wrong_k
        from read_parquet('${path}', file_row_number = true)`,
    );
    expect(read).toEqual({
      ...{ n: 300_000n, z: 200_000n, k: 200_000n, type_z: 'FLOAT', type_k: 'TINYINT' },
      ...{ nulls: 0n, wrong_z: 0n, wrong_k: 0n },
    });
  });

  it.each([
    ['everywhere', 0, null],
    ['nowhere', 1, 0.25],
  ] as const)('nulls %s', async (_, valid, value) => {
    const rows = 1_000;
    const chunks = [
      encodeNormalized(new Float64Array(rows).fill(0.25), all(rows, valid)),
      encodeComponents(new Int8Array(rows).fill(7), all(rows, valid)),
    ];
    const part = await partOf(columns('float64'), rows, chunks);
    const expected = Array.from({ length: rows }, () => ({ z: value, k: value && 7 }));
    expect(await parquetReadObjects({ file: part.buffer as ArrayBuffer })).toEqual(expected);
    writeFileSync(path, part);
    expect(await sql(`from read_parquet('${path}')`)).toEqual(expected);
    expect(readParquet(part).numBatches).toBeGreaterThan(0);
  });

  it('what lies under a null is neither written nor in the statistics', async () => {
    const valid = Uint8Array.of(0, 1, 1, 0);
    const first = encodeNormalized(Float64Array.of(-9, 0.5, 0.25, Number.NaN), valid);
    const second = encodeNormalized(Float64Array.of(7, 0.5, 0.25, 7), valid);
    expect(first).toEqual(second);
    expect([first.nullCount, first.minimum, first.maximum]).toEqual([
      2,
      new Uint8Array(Float64Array.of(0.25).buffer),
      new Uint8Array(Float64Array.of(0.5).buffer),
    ]);
  });

  it('statistics are the extremes in the width of the column, of zeros -0 and +0', () => {
    const floats = (...values: number[]) => encodeNormalized(Float32Array.from(values), all(values.length, 1));
    const bytes = (value: number) => new Uint8Array(Float32Array.of(value).buffer);
    expect(floats(0.5, -0.25, 0.75)).toMatchObject({ minimum: bytes(-0.25), maximum: bytes(0.75), nullCount: 0 });
    expect(floats(0, 0)).toMatchObject({ minimum: bytes(-0), maximum: bytes(0) });
    expect(floats(-0, -0.5)).toMatchObject({ minimum: bytes(-0.5), maximum: bytes(0) });
    expect(encodeComponents(Int8Array.of(-3, 0, 99), all(3, 1))).toMatchObject({
      minimum: new Uint8Array(Int32Array.of(-3).buffer),
      maximum: new Uint8Array(Int32Array.of(99).buffer),
    });
    expect(encodeComponents(Int8Array.of(5), all(1, 0))).toMatchObject({ minimum: null, maximum: null, nullCount: 1 });
  });

  it('statistics let a reader skip: DuckDB finds what a filter asks for', async () => {
    const rows = 1_000;
    const chunks = [encodeNormalized(wave(rows), all(rows, 1)), encodeComponents(codes(rows), all(rows, 1))];
    writeFileSync(path, await partOf(columns('float64'), rows, chunks));
    const [stats] = await sql(
      `select list(stats_min_value order by column_id) as low, list(stats_max_value order by column_id) as high
        from parquet_metadata('${path}')`,
    );
    expect(stats.low).toMatchObject({ items: [String(Math.min(...wave(rows))), '-3'] });
    expect(stats.high).toMatchObject({ items: [String(Math.max(...wave(rows))), '99'] });
    const [{ n }] = await sql(`select count(*) as n from read_parquet('${path}') where k = 99 and z <= 1`);
    expect(n).toBe(BigInt(codes(rows).filter((code) => code === 99).length));
  });

  it('pages are PLAIN for values, places in a dictionary for components, uncompressed', async () => {
    const chunks = [encodeNormalized(wave(2_000), all(2_000, 1)), encodeComponents(codes(2_000), all(2_000, 1))];
    writeFileSync(path, await partOf(columns('float64'), 2_000, chunks));
    const read = await sql(
      `select encodings, compression, dictionary_page_offset is not null as dictionary,
        total_compressed_size::double / num_values as bytes from parquet_metadata('${path}') order by column_id`,
    );
    expect(read.map(({ encodings }) => encodings)).toEqual(['PLAIN, RLE', 'PLAIN, RLE, RLE_DICTIONARY']);
    expect(read.map(({ dictionary }) => dictionary)).toEqual([false, true]);
    for (const { compression } of read) expect(compression).toBe('UNCOMPRESSED');
    // 103 codes: seven bits, a dictionary of 412 bytes and the headers
    expect(Number(read[1].bytes)).toBeLessThan((7 / 8) * 1 + (412 + 60) / 2_000);
  });

  it('every number of codes, from 1 to all 256, comes back from the fewest bits that hold it', async () => {
    for (const count of [1, 2, 3, 4, 5, 8, 9, 16, 17, 32, 33, 64, 65, 103, 128, 129, 256]) {
      const rows = 5_001;
      const k = Int8Array.from({ length: rows }, (_, row) => ((row * 31) % count) - 128);
      const chunk = encodeComponents(k, all(rows, 1));
      const read = await readBack([componentColumn('k')], rows, [chunk]);
      expect(read.findIndex((row, i) => row.k !== k[i])).toBe(-1);
      const bits = Math.ceil(Math.log2(count));
      const bytes = chunk.pieces.reduce((sum, { length }) => sum + length, 0);
      expect(bytes).toBeLessThan((rows * bits) / 8 + 4 * count + 80);
    }
  });

  it('pages of one kind and of the other stand beside each other: all null, none null, some', async () => {
    const rows = 131_072 * 3 + 5;
    const valid = Uint8Array.from({ length: rows }, (_, row) => [0, 1, row & 1, 0][Math.floor(row / 131_072)]);
    const z = Float32Array.from(wave(rows));
    const k = codes(rows);
    const read = await readBack(columns('float32'), rows, [encodeNormalized(z, valid), encodeComponents(k, valid)]);
    const expected = (row: number) => (valid[row] === 1 ? { z: z[row], k: k[row] } : { z: null, k: null });
    expect(read.findIndex((found, row) => found.z !== expected(row).z || found.k !== expected(row).k)).toBe(-1);
  });

  it('says and holds what the encoder of parquet-wasm does', async () => {
    const rows = 200_000;
    const z = Float32Array.from(wave(rows));
    const k = codes(rows);
    const validZ = Uint8Array.from({ length: rows }, (_, row) => (row % 7 === 3 ? 0 : 1));
    const validK = Uint8Array.from({ length: rows }, (_, row) => (row % 14 === 3 ? 0 : 1));
    writeFileSync(
      path,
      await partOf(columns('float32'), rows, [encodeNormalized(z, validZ), encodeComponents(k, validK)]),
    );
    const oracle = join(folder, 'oracle.parquet');
    const [zs, ks] = [
      { name: 'z', values: z, valid: validZ },
      { name: 'k', values: k, valid: validK },
    ];
    writeFileSync(oracle, oracleFile([zs, ks]));
    const numbered = (file: string) =>
      `select z, k, file_row_number from read_parquet('${file}', file_row_number = true)`;
    expect(await sql(`${numbered(path)} except all ${numbered(oracle)}`)).toEqual([]);
    const said = (file: string) =>
      sql(
        `select num_values, type, stats_min_value, stats_max_value, stats_null_count, converted
          from parquet_metadata('${file}') join (select name as path_in_schema, converted_type as converted
          from parquet_schema('${file}')) using (path_in_schema) order by column_id`,
      );
    expect(await said(path)).toEqual(await said(oracle));
  });
});

async function readBack(columns: OutputColumn[], rows: number, chunks: EncodedChunk[]) {
  const part = await partOf(columns, rows, chunks);
  return parquetReadObjects({ file: part.buffer as ArrayBuffer });
}

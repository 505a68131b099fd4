import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { readParquet } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { encodeConstant } from '../../../shared/parquet/write/encode-constant.ts';
import { encodeComponents, encodeNormalized } from '../../../shared/parquet/write/encode-pair.ts';
import {
  componentColumn,
  folderColumn,
  normalizedColumn,
  splicedColumn,
} from '../../../shared/parquet/write/output-columns.ts';
import { PartWriter } from '../../../shared/parquet/write/part-writer.ts';
import { FLIGHTS, temporaryFolder } from '../../support/command.ts';
import { sql, writeParquetFile } from '../../support/duckdb.ts';
import { EVERY_TYPE } from './every-type.ts';
import { footerOf, MemorySink, piecesOf, splice } from './part-fixture.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
beforeAll(() => initialiseParquetWasm());

/** Rows in one file and not the other, in both directions; rows are numbered, so order counts. */
async function differences(a: string, b: string): Promise<unknown> {
  const numbered = (list: string) => `(select *, row_number() over () as row from read_parquet(${list}))`;
  const [{ n }] = await sql(
    `select count(*) as n from ((from ${numbered(a)} except all from ${numbered(b)})
      union all (from ${numbered(b)} except all from ${numbered(a)}))`,
  );
  return n;
}

describe('splicing', () => {
  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    '%s: columns of every type read as in the source',
    async (codec) => {
      await writeParquetFile(file('types.parquet'), EVERY_TYPE, `codec ${codec}, row_group_size 2048`);
      const part = footerOf(await splice([file('types.parquet')], file('part.parquet')));
      expect(part.rowGroups.length).toBe(2);
      expect(await differences(`'${file('types.parquet')}'`, `'${file('part.parquet')}'`)).toBe(0n);
      const described = (name: string) => sql(`describe from read_parquet('${file(name)}')`);
      expect(await described('part.parquet')).toEqual(await described('types.parquet'));
    },
  );

  it.each(['v1', 'v2'])('pages and encodings of format %s travel through', async (version) => {
    await writeParquetFile(file('encodings.parquet'), EVERY_TYPE, `parquet_version ${version}, row_group_size 2048`);
    await splice([file('encodings.parquet')], file('part.parquet'));
    expect(await differences(`'${file('encodings.parquet')}'`, `'${file('part.parquet')}'`)).toBe(0n);
  });

  it('a difference of one value is noticed by these comparisons', async () => {
    await writeParquetFile(file('a.parquet'), EVERY_TYPE);
    await writeParquetFile(file('b.parquet'), `select * replace (if(i = 2070, null, f) as f) from (${EVERY_TYPE})`);
    expect(await differences(`'${file('a.parquet')}'`, `'${file('b.parquet')}'`)).toBe(2n);
  });

  it('row groups of several files become one part, in order', async () => {
    const paths = [0, 1, 2].map((n) => file(`many-${n}.parquet`));
    for (const [n, path] of paths.entries()) {
      const query = `select * replace (i + ${10_000 * n} as i) from (${EVERY_TYPE})`;
      await writeParquetFile(path, query, `row_group_size 2048, codec ${['snappy', 'zstd', 'gzip'][n]}`);
    }
    const part = footerOf(await splice(paths, file('part.parquet')));
    expect(part.rows).toBe(6_300);
    const expected = paths.flatMap((path) => footerOf(readFileSync(path)).rowGroups.map(({ rows }) => rows));
    expect(part.rowGroups.map(({ rows }) => rows)).toEqual(expected);
    expect(await differences(`[${paths.map((path) => `'${path}'`).join()}]`, `'${file('part.parquet')}'`)).toBe(0n);
  });

  it('hyparquet and parquet-wasm read a part like its source', async () => {
    // hyparquet does not read intervals
    const query = `select * exclude (period) from (${EVERY_TYPE})`;
    await writeParquetFile(file('types.parquet'), query, 'codec snappy, row_group_size 2048');
    const source = Uint8Array.from(readFileSync(file('types.parquet')));
    const part = await splice([file('types.parquet')], file('part.parquet'));
    const objects = (bytes: Uint8Array) => parquetReadObjects({ file: bytes.buffer as ArrayBuffer, compressors });
    expect(await objects(part)).toEqual(await objects(source));
    const stream = (bytes: Uint8Array) => Buffer.from(readParquet(bytes).intoIPCStream());
    expect(stream(part).equals(stream(source))).toBe(true);
  });

  it('pairs and folder columns stand beside columns of another writer, row group by row group', async () => {
    const value = (row: number) => Math.fround(Math.sin(row));
    const valid = (row: number) => (row % 7 === 0 ? 0 : 1);
    await splice([FLIGHTS], file('part.parquet'), {
      columns: [normalizedColumn('z', 'float32'), componentColumn('k'), folderColumn('year')],
      encode: (rowStart, rows) => {
        const index = Array.from({ length: rows }, (_, row) => rowStart + row);
        const mask = Uint8Array.from(index, valid);
        return [
          encodeNormalized(Float32Array.from(index, value), mask),
          encodeComponents(
            Int8Array.from(index, (row) => (row % 10) - 3),
            mask,
          ),
          encodeConstant('2001', rows),
        ];
      },
    });
    const part = `read_parquet('${file('part.parquet')}', file_row_number = true)`;
    const [counts] = await sql(
      `select count(*) as n, count(z) as z, count(k) as k, count(year) as year,
        count(*) filter ((z is null) != (file_row_number % 7 = 0)) as wrong_nulls,
        count(*) filter (abs(z - sin(file_row_number)) > 1e-7) as wrong_z,
        count(*) filter (k != file_row_number % 10 - 3) as wrong_k, any_value(year) as years,
        any_value(typeof(z)) as type_z, any_value(typeof(k)) as type_k, any_value(typeof(year)) as type_year
        from ${part}`,
    );
    const there = BigInt(3_000_000 - Math.ceil(3_000_000 / 7));
    expect(counts).toEqual({
      ...{ n: 3_000_000n, z: there, k: there, year: 3_000_000n, wrong_nulls: 0n, wrong_z: 0n, wrong_k: 0n },
      ...{ years: '2001', type_z: 'FLOAT', type_k: 'TINYINT', type_year: 'VARCHAR' },
    });
    const [{ n }] = await sql(
      `select count(*) as n from ${part} p join read_parquet('${FLIGHTS}', file_row_number = true) f using (file_row_number)
        where p.delay is distinct from f.delay or p.distance is distinct from f.distance or p.date is distinct from f.date
        or p.origin is distinct from f.origin or p.destination is distinct from f.destination`,
    );
    expect(n).toBe(0n);
  });

  it('chunks whose bytes are too few or too many are refused', async () => {
    await writeParquetFile(file('a.parquet'), 'select 1 as x');
    const source = readFileSync(file('a.parquet'));
    const footer = footerOf(source);
    const [chunk] = footer.rowGroups[0].chunks;
    const length = chunk.end - chunk.start;
    for (const end of [chunk.end - 1, chunk.end + 1]) {
      const writer = await PartWriter.start(new MemorySink(), [splicedColumn(footer.columns[0], footer)], []);
      writer.beginRowGroup(1);
      await expect(writer.spliceChunk(chunk, piecesOf(source, chunk.start, end), true)).rejects.toThrow(
        `column x must have ${length} bytes, ${length + end - chunk.end} arrived`,
      );
    }
  });

  it('a row group without rows is refused', async () => {
    const writer = await PartWriter.start(new MemorySink(), [folderColumn('a')], []);
    expect(() => writer.beginRowGroup(0)).toThrow('rows of a row group must be an integer >= 1, got 0');
  });

  it('a row group with a column chunk missing is refused', async () => {
    const writer = await PartWriter.start(new MemorySink(), [folderColumn('a'), folderColumn('b')], []);
    writer.beginRowGroup(3);
    await writer.appendChunk(encodeConstant('x', 3));
    expect(() => writer.endRowGroup()).toThrow('a row group must have 2 column chunks, got 1');
  });
});

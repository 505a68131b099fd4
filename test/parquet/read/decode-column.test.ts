import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LocalStore } from '../../../functions/adapters/local-store.ts';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../../shared/parquet/decode-column.ts';
import { readFooter } from '../../../shared/parquet/footer.ts';
import { temporaryFolder } from '../../support/command.ts';
import { sql, writeParquetFile } from '../../support/duckdb.ts';

const folder = temporaryFolder();
const store = new LocalStore(folder);
beforeAll(() => initialiseParquetWasm());

/** All values of all numeric columns, null under nulls. */
async function readAll(name: string) {
  const head = (await store.head(name))!;
  const footer = await readFooter(store, name, head.etag, head.sizeBytes);
  const columns: Record<string, { values: (number | null)[]; inexact: number; type: string }> = {};
  for (const column of footer.columns) {
    if (!column.numeric) continue;
    const entry = { values: [] as (number | null)[], inexact: 0, type: column.typeName };
    columns[column.name] = entry;
    for (const rowGroup of footer.rowGroups) {
      const chunk = rowGroup.chunks[column.leafStart];
      const bytes = await store.read(name, { start: chunk.start, end: chunk.end });
      const decoded = decodeColumn(column, footer.leaves[column.leafStart], chunk, bytes, rowGroup.rows, name);
      const { values, valid, inexact } = toDoubles(decoded, column.numeric);
      decoded.free();
      entry.inexact += inexact;
      for (let row = 0; row < rowGroup.rows; row++) entry.values.push(valid[row] ? values[row] : null);
    }
  }
  return { footer, columns };
}

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint', 'utinyint', 'usmallint', 'uinteger', 'ubigint'];
const LIMITS: Record<string, [bigint, bigint]> = {
  tinyint: [-128n, 127n],
  smallint: [-32768n, 32767n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  utinyint: [0n, 255n],
  usmallint: [0n, 65535n],
  uinteger: [0n, 2n ** 32n - 1n],
  ubigint: [0n, 2n ** 64n - 1n],
};

describe('decodeColumn and toDoubles', () => {
  it.each(INTEGERS)('%s: limits, zero and null arrive as the nearest double', async (type) => {
    const [low, high] = LIMITS[type];
    await writeParquetFile(
      join(folder, `${type}.parquet`),
      `select unnest([${low}, 0, null, ${high}]::${type}[]) as x`,
    );
    const { columns } = await readAll(`${type}.parquet`);
    expect(columns.x.values).toEqual([Number(low), 0, null, Number(high)]);
    expect(columns.x.inexact).toBe(type === 'bigint' || type === 'ubigint' ? 1 : 0);
  });

  it.each([
    ['decimal(4,2)', '12.34'],
    ['decimal(9,3)', '-123456.789'],
    ['decimal(18,3)', '123456789012345.678'],
    ['decimal(38,10)', '-1234567890123456789.0123456789'],
    ['decimal(38,30)', '0.000000000000000000000000000001'],
  ])('%s: %s is the nearest double', async (type, text) => {
    await writeParquetFile(join(folder, 'decimal.parquet'), `select unnest([${text}, null, 0]::${type}[]) as x`);
    expect((await readAll('decimal.parquet')).columns.x.values).toEqual([Number(text), null, 0]);
  });

  it('floats and doubles keep NaN, infinities and the sign of zero', async () => {
    const query =
      "select unnest([1.1, 'nan'::double, 'inf'::double, '-inf'::double, '-0'::double, null, 5e-324]) as d, unnest([1.1, 'nan', 'inf', '-inf', '-0', null, 1e-45]::float[]) as f";
    await writeParquetFile(join(folder, 'float.parquet'), query);
    const { columns } = await readAll('float.parquet');
    expect(columns.d.values).toEqual([
      1.1,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      null,
      5e-324,
    ]);
    expect(columns.f.values).toEqual([
      Math.fround(1.1),
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      null,
      Math.fround(1e-45),
    ]);
  });

  it('dates and timestamps arrive in their stored unit', async () => {
    const query =
      "select date '1969-12-31' as d, timestamp '2024-01-01 00:00:00.123456' as us, '2024-01-01 00:00:00.123'::timestamp_ms as ms, '2024-01-01 00:00:00.123456789'::timestamp_ns as ns";
    await writeParquetFile(join(folder, 'time.parquet'), query);
    const { columns } = await readAll('time.parquet');
    const us = 1_704_067_200_123_456;
    expect([columns.d.values[0], columns.us.values[0], columns.ms.values[0], columns.ns.values[0]]).toEqual([
      -1,
      us,
      1_704_067_200_123,
      us * 1000 + 789,
    ]);
    expect(columns.us.type).toBe('TIMESTAMP(us)');
    expect(columns.ns.inexact).toBe(1);
  });

  it.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])(
    'codec %s: every value of several row groups, nulls everywhere',
    async (codec) => {
      const query =
        'select case when hash(i) % 5 = 0 then null else i * 0.25 end as x, (i % 40)::integer as few, i as s from range(30000) t(i)';
      await writeParquetFile(join(folder, 'codec.parquet'), query, `codec ${codec}, row_group_size 7000`);
      const { footer, columns } = await readAll('codec.parquet');
      expect(footer.rowGroups.length).toBeGreaterThan(2);
      expect(footer.rowGroups[0].chunks[1].codec).toBe(codec.toUpperCase());
      const rows = await sql(`from read_parquet('${folder}/codec.parquet')`);
      expect(columns.x.values).toEqual(rows.map(({ x }) => (x === null ? null : Number(x))));
      expect(columns.few.values).toEqual(rows.map(({ few }) => few));
    },
  );

  it('statistics give the extremes of numeric columns in every width and sign', async () => {
    await writeParquetFile(
      join(folder, 'stats.parquet'),
      'select i::ubigint + 9223372036854775808 as u, (i - 50) / 4.0 as d, -i::decimal(9,2) as m, i::varchar as s from range(100) t(i)',
    );
    const { footer } = await readAll('stats.parquet');
    const bounds = footer.rowGroups[0].chunks.map(({ minimum, maximum }) => [minimum, maximum]);
    expect(bounds).toEqual([
      [2 ** 63, 2 ** 63],
      [-12.5, 12.25],
      [-99, 0],
      [null, null],
    ]);
  });
});

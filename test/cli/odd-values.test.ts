import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modemap } from '../support/command.ts';
import { sql, writeParquetFile } from '../support/duckdb.ts';
import { hardInputs } from '../support/hard-inputs.ts';

const { path, accepted } = hardInputs();

describe('values that are hard to hold', () => {
  it('values at the ends of what a type holds come back as the nearest there is', async () => {
    const file = path('ends.parquet');
    const columns = [
      'case i % 3 when 0 then 9223372036854775807 when 1 then -9223372036854775808 else 0 end as wide',
      "case i % 4 when 0 then 'inf'::double when 1 then '-inf'::double when 2 then 'nan'::double end as none",
      'case i % 2 when 0 then 1.7976931348623157e308 else -1.7976931348623157e308 end as huge',
      '(i % 5) * 1e-300::double as tiny',
      "(case i % 2 when 0 then '9999999999999999999999999999.9999999999' else '-0.0000000001' end)::decimal(38, 10) as money",
    ];
    await writeParquetFile(file, `select ${columns.join(', ')} from range(600) t(i)`);
    const out = accepted(file, '--normalize', 'wide', 'none', 'huge', 'tiny', 'money');
    const answer = modemap(
      'query',
      out,
      'select "column", max(max_absolute_error) as error, sum(rows)::int as rows, sum(nulls)::int as nulls, sum(non_finite)::int as other from metrics group by all order by all',
      '--json',
    );
    expect(JSON.parse(answer.stdout)).toEqual([
      { column: 'huge', error: 0, rows: 600, nulls: 0, other: 0 },
      { column: 'money', error: 0, rows: 600, nulls: 0, other: 0 },
      { column: 'none', error: null, rows: 600, nulls: 150, other: 450 },
      { column: 'tiny', error: 0, rows: 600, nulls: 0, other: 0 },
      { column: 'wide', error: 0, rows: 600, nulls: 0, other: 0 },
    ]);
    const components = 'select none_component as k, count(*)::int as n, count(none_normalized)::int as z from data';
    expect(JSON.parse(modemap('query', out, `${components} group by k order by k`, '--json').stdout)).toEqual([
      { k: -3, n: 150, z: 0 },
      { k: -2, n: 150, z: 0 },
      { k: -1, n: 150, z: 0 },
      { k: null, n: 150, z: 0 },
    ]);
  });

  it.each(['modemap', 'ctgan'])(
    'values no fit is fond of, in the %s preset: every figure is a number',
    async (preset) => {
      const file = path('unkind.parquet');
      const columns = {
        subnormal: "(i % 5 + 1) * '5e-324'::double",
        ulp: "case i % 2 when 0 then 1::double else '1.0000000000000002'::double end",
        steps: '1e9::double + (hash(i) % 1000) * 1e-9::double',
        far: '1e15::double + (hash(i) % 4000) / 8.0::double',
        ends: "case i % 4 when 0 then '1.7976931348623157e308'::double when 1 then '5e-324'::double when 2 then '-1.7976931348623157e308'::double else '-5e-324'::double end",
        narrow: "(hash(i) % 1000)::float * '1e38'::float / 300",
      };
      const list = Object.entries(columns).map(([name, expression]) => `${expression} as ${name}`);
      await writeParquetFile(file, `select ${list.join(', ')} from range(3000) t(i)`, 'row_group_size 2048');
      const config = path(`${preset}.json`);
      const normalized = Object.fromEntries(Object.keys(columns).map((name) => [name, 'normalize']));
      writeFileSync(config, JSON.stringify({ preset, columns: normalized }));
      const out = accepted(file, '--config', config);
      const figures = [
        'mean_absolute_error',
        'root_mean_square_error',
        'max_absolute_error',
        'mean',
        'standard_deviation',
        'bits_per_value',
      ];
      const select = figures.map((figure) => `bool_and(isfinite(${figure})) as ${figure}`);
      const { stdout } = modemap(
        'query',
        out,
        `select "column", ${select.join(', ')} from metrics group by 1 order by 1`,
        '--json',
      );
      const allFinite = Object.fromEntries(figures.map((figure) => [figure, true]));
      expect(JSON.parse(stdout)).toEqual(
        Object.keys(columns)
          .sort()
          .map((column) => ({ column, ...allFinite })),
      );
      const { stdout: far } = modemap(
        'query',
        out,
        `select "column", mean, standard_deviation as sd from metrics where "column" = 'far' and rows > 2000`,
        '--json',
      );
      const [direct] = await sql(
        `select avg(far - 1e15::double) + 1e15::double as mean, stddev_pop(far - 1e15::double) as sd from (select far from '${file}' limit 3000)`,
      );
      expect(JSON.parse(far)[0].mean).toBe(direct.mean);
      expect(JSON.parse(far)[0].sd / Number(direct.sd)).toBeCloseTo(1, 12);
    },
  );

  it.each([
    ['one row', 'select 1.5::double as x'],
    ['two rows', 'select i * 2.5::double as x from range(2) t(i)'],
    ['one value', 'select -0.0::double as x from range(300)'],
  ])('%s', async (name, query) => {
    const file = path(`${name}.parquet`);
    await writeParquetFile(file, query);
    const errors = modemap('query', accepted(file, '--normalize', 'x'), 'select max_absolute_error as e from metrics');
    expect(errors.stdout).toMatch(/\b0\b/);
  });
});

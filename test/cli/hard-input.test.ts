import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { sql, writeParquetFile } from '../support/duckdb.ts';
import { python, runPython } from '../support/python.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const good = path('good.parquet');
const checkRun = fileURLToPath(new URL('../end-to-end/check_run.py', import.meta.url));

const freshFolder = () => mkdtempSync(join(folder, 'case-'));
const freshOut = () => join(freshFolder(), 'out');

/** The command must end with exit 1, one line on stderr, and nothing where the output would be. */
function refused(input: string, ...flags: string[]): string {
  const out = freshOut();
  const { status, stderr, stdout } = modemap('run', input, '--out', out, '--jobs', '1', ...flags);
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
  expect([status, stdout, existsSync(out)]).toEqual([1, '', false]);
  return stderr.trimEnd();
}

/** The command must end well; returns the output folder. */
function accepted(input: string, ...flags: string[]): string {
  const out = freshOut();
  const { status, stderr } = modemap('run', input, '--out', out, '--jobs', '1', '--quiet', ...flags);
  expect([status, stderr]).toEqual([0, '']);
  return out;
}

const rowsOf = (out: string) =>
  JSON.parse(modemap('query', out, 'select count(*)::int as n from data', '--json').stdout);

beforeAll(async () => {
  await writeParquetFile(
    good,
    'select (i * 7919) % 97 / 8.0 as x, i % 7 as y, (i % 7)::varchar as s from range(4000) t(i)',
    "row_group_size 2048, compression 'uncompressed'",
  );
});

/** The file with another codec said of some of its chunks: in ColumnMetaData, codec (an i32) stands before num_values. */
function withCodec(codec: number, isMeant: (leaf: number) => boolean): Buffer {
  const bytes = readFileSync(good);
  const field = Buffer.from([0x15, 0x00, 0x16]);
  const places: number[] = [];
  for (let at = bytes.indexOf(field, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)); at >= 0; ) {
    places.push(at);
    at = bytes.indexOf(field, at + 1);
  }
  expect(places).toHaveLength(6);
  for (const [chunk, place] of places.entries()) if (isMeant(chunk % 3)) bytes[place + 1] = codec * 2;
  return bytes;
}

describe('refused in one line', () => {
  it('a file that lacks a column of the first one', async () => {
    const input = freshFolder();
    copyFileSync(good, join(input, 'a.parquet'));
    await writeParquetFile(join(input, 'b.parquet'), `select x from '${good}'`);
    expect(refused(input)).toContain('b.parquet has no column y, a.parquet has');
  });

  it.each([
    [5, 'LZ4'],
    [9, 'codec 9'],
  ])('a column to be decoded whose codec is %i; a column that passes may have it', (codec, name) => {
    const file = path(`codec-${codec}.parquet`);
    writeFileSync(
      file,
      withCodec(codec, (leaf) => leaf === 0),
    );
    expect(refused(file)).toContain(
      `column x of codec-${codec}.parquet must be uncompressed, snappy, gzip, zstd, brotli or lz4_raw to be normalized, it is ${name}`,
    );
    writeFileSync(
      file,
      withCodec(codec, (leaf) => leaf === 2),
    );
    accepted(file);
  });

  it('a footer with any byte changed: refused or read, never a defect', () => {
    const bytes = readFileSync(good);
    const footerBytes = bytes.readUInt32LE(bytes.length - 8);
    const file = path('flipped.parquet');
    for (let i = 0; i < 6; i++) {
      const damaged = Buffer.from(bytes);
      const place = bytes.length - 8 - footerBytes + ((i * 7919) % footerBytes);
      damaged[place] ^= 1 << (i % 8);
      writeFileSync(file, damaged);
      const { status, stderr } = modemap('run', file, '--out', freshOut(), '--jobs', '1');
      expect(status, `byte ${place}, bit ${i % 8}: ${stderr}`).toBeLessThanOrEqual(1);
      expect(stderr.split('\n').length, stderr).toBeLessThanOrEqual(2);
    }
  }, 30_000);

  it('a file that is hidden, empty, or not named', () => {
    for (const [name, bytes, message] of [
      ['_x.parquet', readFileSync(good), 'INPUT must not be hidden'],
      ['.x.parquet', readFileSync(good), 'INPUT must not be hidden'],
      ['x.parquet', '', 'INPUT must hold a table'],
    ] as const) {
      const file = join(freshFolder(), name);
      writeFileSync(file, bytes);
      expect(refused(file)).toContain(message);
    }
    expect(refused('')).toBe('modemap: INPUT must name a file or folder, got nothing');
  });

  it('a folder that is a pipe, a link to nothing, or a device', () => {
    const input = freshFolder();
    symlinkSync(join(input, 'nowhere'), join(input, 'a.parquet'));
    expect(refused(input)).toContain('a.parquet must lead to a file, it is a symbolic link to nothing');
    expect(refused('/dev/null')).toBe('modemap: INPUT must be a file or a folder, /dev/null is neither');
  });

  it('folders that stand for other columns than the first', () => {
    const input = freshFolder();
    for (const key of ['a=1/b=2', 'a=1']) {
      mkdirSync(join(input, key), { recursive: true });
      copyFileSync(good, join(input, key, 'p.parquet'));
    }
    expect(refused(input)).toContain('a=1/b=2/p.parquet has (a, b), a=1/p.parquet has (a)');
  });

  it('folders that stand for a column the files have', () => {
    const input = freshFolder();
    mkdirSync(join(input, 'x=1'));
    copyFileSync(good, join(input, 'x=1/p.parquet'));
    expect(refused(input)).toContain('column names must be unique, "x" occurs twice in x=1/p.parquet');
  });

  it('a configuration file, by the name it was given', () => {
    const config = path('mine.json');
    writeFileSync(config, '{"maxComponents": 0}');
    expect(refused(good, '--config', config)).toBe(
      `modemap: ${config}: maxComponents must be an integer 1..100, got 0`,
    );
    expect(refused(good, '--config', path('none.json'))).toContain('--config must be a readable file');
  });

  it('a flag out of range', () => {
    expect(refused(good, '--max-components', '101')).toBe(
      'modemap: flags: maxComponents must be an integer 1..100, got 101',
    );
  });

  it.each([
    [['rum'], "unknown command 'rum' (Did you mean run?)"],
    [['run', 'a'], "required option '--out <DIR>' not specified"],
    [['run', 'a', '--out', 'b', '--jobs', '0'], "argument '0' is invalid. must be an integer >= 1"],
    [['run', 'a', 'b', '--out', 'c'], "too many arguments for 'run'. Expected 1 argument but got 2"],
    [['query'], "missing required argument 'RUN'"],
  ])('the command line %j', (args, message) => {
    const { status, stdout, stderr } = modemap(...args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modemap: [^\n]*; modemap --help shows what there is\n$/);
    expect(stderr).toContain(message);
  });
});

describe('odd but right', () => {
  it('names with blanks, quotes, glob characters, a line end, emoji, percent and equals signs', () => {
    const name = `a b'c"d[e]*?{f}%41=g\n😀#é`;
    const input = path(name);
    mkdirSync(input);
    copyFileSync(good, join(input, `${name}.parquet`));
    const out = join(freshFolder(), name);
    const { status, stderr } = modemap('run', input, '--out', out, '--jobs', '1', '--quiet', '--dataset', name);
    expect([status, stderr]).toEqual([0, '']);
    expect(rowsOf(out)).toEqual([{ n: 4000 }]);
  });

  it.each(['runs', '.work', ''])('a dataset called %j', (name) => {
    expect(rowsOf(accepted(good, '--dataset', name))).toEqual([{ n: 4000 }]);
  });

  it('what lies beside a single file is not looked at', () => {
    const around = freshFolder();
    copyFileSync(good, join(around, 'a.parquet'));
    symlinkSync(join(around, 'nowhere'), join(around, 'b.parquet'));
    writeFileSync(join(around, 'c.parquet'), 'not Parquet');
    accepted(join(around, 'a.parquet'));
  });

  it('a folder that leads back to itself by a link', () => {
    const input = freshFolder();
    copyFileSync(good, join(input, 'a.parquet'));
    symlinkSync(input, join(input, 'again'));
    expect(rowsOf(accepted(input))).toEqual([{ n: 4000 }]);
  });

  it('folders become columns, decoded', async () => {
    const input = freshFolder();
    const keys = ['a=1/b=y%20z', 'a=__HIVE_DEFAULT_PARTITION__/b=%', 'a=ü/b=c=d'];
    for (const key of keys) {
      mkdirSync(join(input, key), { recursive: true });
      copyFileSync(good, join(input, key, 'p.parquet'));
    }
    const out = accepted(input);
    const parts = `read_parquet('${out}/data/*/*/*/*.parquet', hive_partitioning = false)`;
    expect(await sql(`select a, b, count(*)::int as n from ${parts} group by all order by b`)).toEqual([
      { a: null, b: '%', n: 4000 },
      { a: 'ü', b: 'c=d', n: 4000 },
      { a: '1', b: 'y z', n: 4000 },
    ]);
  });

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

const WRITE = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
folder, x = sys.argv[1], np.random.default_rng(1).normal(size=4000)
names = ['a"b', "a'b", 'new\\nline', 'a.b', '\\u00fc\\U0001f600', '', 'n' * 300, '__proto__', 'constructor', 'toString',
         'a/b', '%41', ' ', 'x;drop table', '*', 'a\\\\b', 'length', '\\u00e9', 'e\\u0301', 'A', 'a']
pq.write_table(pa.Table.from_arrays([pa.array(np.roll(x[:400], i)) for i in range(len(names))], names=names), folder + '/names.parquet')
pq.write_table(pa.Table.from_arrays([pa.array(x), pa.array(x)], names=['a', 'a']), folder + '/twice.parquet')
pq.write_table(pa.table({'x': x[:0]}), folder + '/zero.parquet')
with pq.ParquetWriter(folder + '/holes.parquet', pa.schema([('x', pa.float64())])) as writer:
    for part in (x[:0], x[:1000], x[:0], x[1000:], x[:0]):
        writer.write_table(pa.table({'x': part}))
pq.write_table(pa.table({f'c{i}': x[:40] + i for i in range(60)}), folder + '/wide.parquet')
`;

const ENCRYPT = `
import base64, sys, pyarrow as pa, pyarrow.parquet as pq, pyarrow.parquet.encryption as pe
class Plain(pe.KmsClient):
    def __init__(self, configuration): super().__init__()
    def wrap_key(self, key, master): return base64.b64encode(key)
    def unwrap_key(self, key, master): return base64.b64decode(key)
factory = pe.CryptoFactory(Plain)
table = pa.table({'x': [1.5, 2.5], 'y': [1, 2]})
for plaintext in (False, True):
    configuration = pe.EncryptionConfiguration(footer_key='f', column_keys={'c': ['x']}, plaintext_footer=plaintext)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    with pq.ParquetWriter(f'{sys.argv[1]}/encrypted-{plaintext}.parquet', table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
`;

describe.skipIf(!python)('as other writers write it', () => {
  const written = path('python');

  beforeAll(() => {
    mkdirSync(written);
    runPython('-c', WRITE, written);
    runPython('-c', ENCRYPT, written);
  });

  it('column names of any kind', () => {
    const input = join(written, 'names.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('a column called constructor passes when told to', () => {
    const { stdout } = modemap(
      'run',
      join(written, 'names.parquet'),
      '--out',
      freshOut(),
      '--json',
      '--pass',
      'constructor',
    );
    const names = JSON.parse(stdout).columns.map(({ name }: { name: string }) => name);
    expect(names).toHaveLength(20);
    expect(names).not.toContain('constructor');
  });

  it('a column called __proto__ is configured like any other, and refused where there is none', () => {
    const config = path('proto.json');
    writeFileSync(config, '{"columns":{"__proto__":"drop"}}');
    const { stdout } = modemap(
      'run',
      join(written, 'names.parquet'),
      '--out',
      freshOut(),
      '--json',
      '--config',
      config,
    );
    const names = JSON.parse(stdout).columns.map(({ name }: { name: string }) => name);
    expect(names).toHaveLength(20);
    expect(names).not.toContain('__proto__');
    expect(refused(good, '--config', config)).toContain('__proto__');
    expect(refused(good, '--pass', '__proto__')).toContain('__proto__');
  });

  it('60 columns', () => {
    const input = join(written, 'wide.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('row groups without rows', () => {
    const input = join(written, 'holes.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('files without rows among others', () => {
    const input = freshFolder();
    copyFileSync(join(written, 'zero.parquet'), join(input, 'a.parquet'));
    copyFileSync(join(written, 'holes.parquet'), join(input, 'b.parquet'));
    copyFileSync(join(written, 'zero.parquet'), join(input, 'c.parquet'));
    expect(rowsOf(accepted(input))).toEqual([{ n: 4000 }]);
  });

  it('no rows at all', () => {
    expect(refused(join(written, 'zero.parquet'))).toContain('zero must have rows, all of its files are empty');
  });

  it('a name twice', () => {
    expect(refused(join(written, 'twice.parquet'))).toContain('"a" occurs twice in twice.parquet; rename one of them');
  });

  it('encrypted, with the footer encrypted or in plain text', () => {
    const files = readdirSync(written).filter((name) => name.startsWith('encrypted'));
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(refused(join(written, file))).toContain(`${file} is encrypted, modemap cannot read it; decrypt it first`);
    }
  });
});

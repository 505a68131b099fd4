import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pLimit from 'p-limit';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap, startModemap, temporaryFolder } from '../support/command.ts';
import { sql, writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const good = join(folder, 'good.parquet');
const path = (name: string) => join(folder, name);
const folderWith = (name: string, ...files: [string, string | Buffer][]) => {
  mkdirSync(path(name), { recursive: true });
  for (const [file, content] of files) writeFileSync(join(path(name), file), content);
  return path(name);
};

let runs = 0;

/** The command must end with exit 1, one line on stderr, and nothing where the output would be. */
function refused(input: string, ...flags: string[]): string {
  const out = path(`out-${runs++}`);
  const { status, stderr, stdout } = modemap('run', input, '--out', out, '--jobs', '1', '--quiet', ...flags);
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(out)).toBe(false);
  return stderr.trimEnd();
}

beforeAll(async () => {
  await writeParquetFile(
    good,
    'select i % 997 * 1.5 as x, (i * 7919) % 1000 as y, i::varchar as s from range(5000) t(i)',
  );
});

describe('a bad input ends with exit 1 and one line that says what, where and what to do', () => {
  it('a missing path', () => {
    expect(refused(path('nowhere'))).toBe(`modemap: INPUT must exist, ${path('nowhere')} does not; check the path`);
  });

  it('an empty folder', () => {
    expect(refused(folderWith('empty'))).toContain('empty must hold at least one file whose name ends in .parquet');
  });

  it('a folder of files that are hidden or not Parquet', () => {
    expect(refused(folderWith('foreign', ['_x.parquet', 'PAR1'], ['a.csv', '1']))).toContain(
      'foreign must hold at least one file',
    );
  });

  it('a text file named .parquet', () => {
    const message = refused(folderWith('text', ['t.parquet', 'a,b\n1,2\n'.repeat(100)]));
    expect(message).toContain('t.parquet');
    expect(message).toContain('Parquet');
  });

  it('a footer length beyond the file', () => {
    const bytes = readFileSync(good);
    bytes.writeUInt32LE(0x7fffffff, bytes.length - 8);
    expect(refused(folderWith('footer', ['f.parquet', bytes]))).toContain('f.parquet');
  });

  it('files whose schemas differ: which column in which file', async () => {
    const input = folderWith('schemas');
    copyFileSync(good, join(input, 'a.parquet'));
    await writeParquetFile(join(input, 'b.parquet'), "select 1 as x, 2::bigint as y, 's' as s");
    expect(refused(input)).toMatch(/but x is DECIMAL\(\d+,1\) in a\.parquet and INT32 in b\.parquet/);
  });

  it('zero rows', async () => {
    await writeParquetFile(path('zero.parquet'), 'select 1.5 as x where false');
    expect(refused(path('zero.parquet'))).toContain('zero must have rows, all of its files are empty');
  });

  it('a column already named c_normalized', async () => {
    await writeParquetFile(path('taken.parquet'), 'select i * 0.5 as c, i as c_normalized from range(100) t(i)');
    expect(refused(path('taken.parquet'))).toContain(
      'column "c_normalized" must not exist, normalizing "c" would write it (taken.parquet)',
    );
  });

  it.each([
    ['{"maxComponent": 3}', 'unknown field maxComponent, did you mean "maxComponents"?'],
    ['{"clip": "wide"}', 'clip must be a number > 0 and at most 1000, or false, got "wide"'],
    ['{"columns": {"X": "pass"}}', 'columns["X"] must name a column of the dataset, did you mean "x"?'],
    [
      '{"columns": {"s": "normalize"}}',
      'columns["s"] must be a number, decimal, date or timestamp to be normalized, it is STRING',
    ],
    ['{', 'must be JSON'],
  ])('configuration %s', (text, message) => {
    const config = path('config.json');
    writeFileSync(config, text);
    expect(refused(good, '--config', config)).toContain(message);
  });

  it('a chunk beyond the memory allowed: how much it would need', () => {
    expect(refused(good, '--memory', '1MB')).toMatch(/needs \d{3} MB of memory, 1 MB are allowed/);
  });

  it('an output folder inside the input', () => {
    const input = folderWith('around', ['a.parquet', readFileSync(good)]);
    const { status, stderr } = modemap('run', input, '--out', join(input, 'out'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('--out must not lie inside the input')]);
    expect(readdirSync(input)).toEqual(['a.parquet']);
  });

  it('an output folder inside the input, by a symbolic link', () => {
    const input = folderWith('linked', ['a.parquet', readFileSync(good)]);
    symlinkSync(input, path('link'));
    const { status, stderr } = modemap('run', input, '--out', join(path('link'), 'out'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('--out must not lie inside the input')]);
  });

  it('an output folder that holds something else', () => {
    const out = folderWith('taken-out', ['thesis.doc', 'x']);
    const { status, stderr } = modemap('run', good, '--out', out);
    expect([status, stderr]).toEqual([1, expect.stringContaining('holds "thesis.doc"; choose another folder')]);
    expect(readdirSync(out)).toEqual(['thesis.doc']);
  });

  it('an output folder that cannot be made', () => {
    const { status, stderr } = modemap('run', good, '--out', join(good, 'out'));
    expect(status).toBe(1);
    expect(stderr).toContain('--out must be writable');
  });

  it('a file cut at any of 50 places', async () => {
    const { size } = statSync(good);
    const places = Array.from({ length: 50 }, (_, i) => Math.floor(((i + 1) * size) / 51));
    const limit = pLimit(4);
    await limit.map(places, async (place) => {
      const file = path(`cut-at-${place}.parquet`);
      copyFileSync(good, file);
      truncateSync(file, place);
      const out = path(`cut-out-${place}`);
      const child = startModemap('run', file, '--out', out, '--jobs', '1');
      const [status, stderr] = await Promise.all([once(child, 'close').then(([code]) => code), text(child.stderr!)]);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^modemap: cut-at-\d+\.parquet is not a readable Parquet file: [^\n]*\n$/),
      ]);
      expect(existsSync(out)).toBe(false);
    });
  });
});

describe('not an error', () => {
  it('a column of only nulls passes, and is normalized on request', async () => {
    await writeParquetFile(
      path('nulls.parquet'),
      'select null::double as n, (i % 100) * 0.25 as x from range(1000) t(i)',
    );
    for (const [flags, columns] of [
      [[], ['x']],
      [
        ['--normalize', 'n'],
        ['n', 'x'],
      ],
    ] as const) {
      const out = path(`out-${runs++}`);
      const { status, stdout, stderr } = modemap(
        'run',
        path('nulls.parquet'),
        '--out',
        out,
        '--json',
        '--jobs',
        '1',
        ...flags,
      );
      expect(status, stderr).toBe(0);
      expect(JSON.parse(stdout).columns.map(({ name }: { name: string }) => name)).toEqual(columns);
    }
  });

  it('5,000 files of one row', async () => {
    const input = folderWith('many');
    await writeParquetFile(join(input, '0.parquet'), 'select 0.5 as x, 1 as id');
    for (let i = 1; i < 5000; i++) copyFileSync(join(input, '0.parquet'), join(input, `${i}.parquet`));
    const out = path(`out-${runs++}`);
    const { status, stdout, stderr } = modemap('run', input, '--out', out, '--json', '--normalize', 'x');
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 5000, objects: 5000, status: 'complete' });
    const [{ n }] = await sql(`select count(*)::int as n from read_parquet('${out}/data/*/*/*/*.parquet')`);
    expect(n).toBe(5000);
  });
});

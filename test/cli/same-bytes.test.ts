import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, modemap, temporaryFolder } from '../support/command.ts';
import { sql, writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const source = (name: string) => join(folder, 'source', name);

const PAIRS = 'select x_normalized as z, x_component as k, n_normalized as nz, n_component as nk, id, file from';

type Run = { out: string; rows: Record<string, unknown>[] };
const runs = new Map<string, Promise<Run>>();

/** Normalize some files (`source:name`) and read all pairs back in order; the same request is answered once. */
function pairs(files: string[], ...flags: string[]): Promise<Run> {
  const request = JSON.stringify([files, flags]);
  const run = runs.get(request) ?? normalize(String(runs.size), files, flags);
  runs.set(request, run);
  return run;
}

async function normalize(name: string, files: string[], flags: string[]): Promise<Run> {
  const input = join(folder, `in-${name}`);
  mkdirSync(input);
  for (const file of files) copyFileSync(source(file.split(':')[0]), join(input, file.split(':').at(-1)!));
  const out = join(folder, `out-${name}`);
  const columns = ['--normalize', 'x', 'n', '--pass', 'id'];
  const { status, stderr } = modemap('run', input, '--out', out, '--dataset', 'd', '--quiet', ...columns, ...flags);
  expect(status, stderr).toBe(0);
  return { out, rows: await sql(`${PAIRS} read_parquet('${out}/data/*/*/*/*.parquet') order by file, id`) };
}

const ofFile = (rows: Record<string, unknown>[], file: string) => rows.filter((row) => row.file === file);

beforeAll(async () => {
  mkdirSync(join(folder, 'source'));
  for (const file of ['a.parquet', 'b.parquet']) {
    const x =
      'case when hash(i) % 3 = 0 then ln(1 + hash(i * 7) % 1000) * 10 else (hash(i * 5) % 4000) / 16 end::double';
    const n = 'case when i % 11 = 0 then null else (hash(i * 13) % 300)::bigint end';
    await writeParquetFile(
      source(file),
      `select ${x} as x, ${n} as n, i as id, '${file}' as file from range(40000) t(i)`,
      'row_group_size 4096',
    );
  }
  const nulls = "select null::double as x, null::bigint as n, i as id, '0.parquet' as file from range(1000) t(i)";
  await writeParquetFile(source('nulls.parquet'), nulls);
});

describe('the same pair for every row', () => {
  it('--jobs 1 and --jobs 2 give the same bytes', async () => {
    const one = await pairs(['a.parquet', 'b.parquet'], '--jobs', '1', '--partition-bytes', '100KB');
    const two = await pairs(['a.parquet', 'b.parquet'], '--jobs', '2', '--partition-bytes', '100KB');
    expect(Object.keys(digestOf(two.out)).length).toBeGreaterThan(10);
    // the run's name holds mtime and inode of the copied files: bytes are compared by what follows it
    const bytes = (out: string) =>
      Object.entries(digestOf(out)).map(([path, digest]) => [path.replace(/run_id=\w+/, ''), digest]);
    expect(bytes(two.out)).toEqual(bytes(one.out));
  });

  it('three values of partitionBytes', async () => {
    const [small, middle, large] = await Promise.all(
      ['30KB', '400KB', '1GB'].map((size) => pairs(['a.parquet', 'b.parquet'], '--partition-bytes', size)),
    );
    expect(middle.rows).toEqual(small.rows);
    expect(large.rows).toEqual(small.rows);
  });
});

describe('what changes a draw', () => {
  it('renaming a file changes the draws of its rows and of no others', async () => {
    const before = await pairs(['a.parquet', 'b.parquet']);
    const after = await pairs(['a.parquet', 'b.parquet:c.parquet']);
    expect(ofFile(after.rows, 'a.parquet')).toEqual(ofFile(before.rows, 'a.parquet'));
    expect(ofFile(after.rows, 'b.parquet')).not.toEqual(ofFile(before.rows, 'b.parquet'));
  });

  it('adding a file changes no draw of the others', async () => {
    // a file of nothing but nulls leaves the mixtures as they are, so every pair of the others must stay
    const before = await pairs(['a.parquet', 'b.parquet']);
    const after = await pairs(['a.parquet', 'b.parquet', 'nulls.parquet:0.parquet']);
    expect(after.rows).toHaveLength(before.rows.length + 1000);
    expect(after.rows.filter(({ file }) => file !== '0.parquet')).toEqual(before.rows);
  });

  it('another seed changes draws, and only draws', async () => {
    const before = await pairs(['a.parquet']);
    const after = await pairs(['a.parquet'], '--seed', '1');
    expect(after.rows).not.toEqual(before.rows);
    expect(after.rows.map(({ nk }) => nk === null)).toEqual(before.rows.map(({ nk }) => nk === null));
  });
});

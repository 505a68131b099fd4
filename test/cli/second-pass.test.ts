import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const out = join(folder, 'out');

describe('a sample that misleads', () => {
  it('is found out: the table is written once more, by a model of all rows, and only that is visible', async () => {
    // every second row is of a mode that a sample of every second row never sees
    const value = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
    const input = join(folder, 'table.parquet');
    await writeParquetFile(input, `select (${value})::double as x from range(40000) t(i)`, 'row_group_size 10000');
    const { status, stdout, stderr } = modemap('run', input, '--out', out, '--sample-rows', '20000', '--json');
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('warning: the sample misled');
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({ passes: 2, rows: 40_000, audit: [{ name: 'x', misled: true }] });
    expect(record.data_location).toMatch(/\/pass-1\/$/);
    expect(readdirSync(join(out, record.data_location))).toHaveLength(1);
    const first = join(out, record.data_location.replace('pass-1', 'pass-0'));
    expect(existsSync(first)).toBe(false);
    const model = JSON.parse(readFileSync(join(out, record.model_key), 'utf8'));
    expect(model).toMatchObject({ pass: 1, source: { kind: 'summary', rows: 40_000, ofRows: 40_000 } });
    const shareBelow = model.columns[0].components
      .filter(({ mean }: { mean: number }) => mean < 100)
      .reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0);
    expect(shareBelow).toBeCloseTo(0.5, 2);
    expect(record.columns[0].low_mass).toBe(0);
  });
});

describe('fit "full"', () => {
  it('sees all rows before any is written, and so needs no second writing', async () => {
    const input = join(folder, 'full.parquet');
    await writeParquetFile(
      input,
      "select (hash(i) % 5000) / 8 as x, 'a' || i as s from range(30000) t(i)",
      'row_group_size 7000',
    );
    const full = join(folder, 'full');
    const { status, stdout, stderr } = modemap(
      'run',
      input,
      '--out',
      full,
      '--fit',
      'full',
      '--sample-rows',
      '1000',
      '--json',
    );
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('misled');
    const record = JSON.parse(stdout);
    expect(record).toMatchObject({ rows: 30_000, status: 'complete' });
    expect(readdirSync(join(full, record.data_location, '..'))).toEqual(['pass-1']);
    const model = JSON.parse(readFileSync(join(full, record.model_key), 'utf8'));
    expect(model).toMatchObject({ pass: 1, source: { kind: 'summary', rows: 30_000 } });
    expect(model.columns[0]).toMatchObject({ rows: 30_000, min: 0 });
  });
});

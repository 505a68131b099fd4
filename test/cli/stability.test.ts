import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const out = join(folder, 'out');

/** Two bell-shaped modes of whole numbers, and a third of the rows on one value. */
beforeAll(async () => {
  const input = join(folder, 'table.parquet');
  const bell = '(hash(i * 2) % 1000 + hash(i * 2 + 1) % 1000) / 1000.0 - 1';
  const x = `case i % 3 when 0 then 777 when 1 then round(100 * (${bell})) else round(5000 + 90 * (${bell})) end::integer`;
  await writeParquetFile(input, `select ${x} as x, 'a' as name from range(20000) t(i)`, 'row_group_size 4000');
  const { status, stderr } = modemap('run', input, '--out', out, '--max-components', '3', '--jobs', '1', '--quiet');
  expect(status, stderr).toBe(0);
});

describe('modemap stability', () => {
  it('finds planted modes in every resample and calls them firm', () => {
    const { status, stdout, stderr } = modemap('stability', out, '--resamples', '10', '--json');
    expect(status, stderr).toBe(0);
    const { resamples, columns } = JSON.parse(stdout);
    expect([resamples, columns.length]).toEqual([10, 1]);
    expect(columns[0]).toMatchObject({ name: 'x', rows: 20_000 });
    const components = columns[0].components as { component: { mean: number }; found: number; word: string }[];
    const byMean = components.toSorted((a, b) => a.component.mean - b.component.mean);
    expect(byMean.map(({ component, found, word }) => [Math.round(component.mean / 100), found, word])).toEqual([
      [expect.toSatisfy((mean) => Math.abs(mean) === 0), 1, 'firm'],
      [8, 1, 'firm'],
      [50, 1, 'firm'],
    ]);
  });

  it('prints a line for each component for people, the same for the same seed', () => {
    const print = (seed: string) =>
      modemap('stability', out, '--resamples', '3', '--seed', seed).stdout.replace(/[\d.]+ s$/m, '');
    expect(print('1')).toMatch(/^x: 3 resamples of 20,000 rows/);
    expect(print('1').match(/firm$/gm)).toHaveLength(3);
    expect(print('1')).toBe(print('1'));
    expect(print('1')).not.toBe(print('2'));
  });

  it('shows examples and what the words mean with --help', () => {
    const { stdout } = modemap('stability', '--help');
    expect(stdout).toContain('firm   found in at least 95 % of the resamples, its weight known to within 25 %');
    expect(stdout).toContain('modemap stability normalized/');
  });

  it('says so where the work folder is gone', () => {
    rmSync(join(out, '.work'), { recursive: true });
    const { status, stdout, stderr } = modemap('stability', out);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modemap: RUN must still have its work folder, .* has no \.work\/.*\n$/);
  });
});

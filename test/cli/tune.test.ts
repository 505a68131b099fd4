import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { configurationInputSchema } from '../../shared/contract/configuration.ts';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const input = join(folder, 'table.parquet');

/** Four bell-shaped modes of whole numbers, a constant, a date and a text. */
beforeAll(() => {
  const bell = (salt: number) => `(hash(i * 4 + ${salt}) % 1000 + hash(i * 4 + ${salt} + 1) % 1000) / 1000.0 - 1`;
  const x = `round((i % 4) * 1000 + 60 * (${bell(0)} + ${bell(2)}))::integer as x`;
  const rest = "7 as constant, date '2020-01-01' + (hash(i) % 400)::integer as day, 'a' as name";
  return writeParquetFile(input, `select ${x}, ${rest} from range(20000) t(i)`);
});

describe('modemap tune', () => {
  it('finds the four modes of a column, and prints a configuration that a run takes', () => {
    const { status, stdout, stderr } = modemap('tune', input, '--most-components', '6', '--json');
    expect(status, stderr).toBe(0);
    const { columns, configuration } = JSON.parse(stdout);
    expect(columns).toHaveLength(1);
    expect(columns[0]).toMatchObject({ name: 'x', values: 20_000, chosen: { maxComponents: 4, preset: 'modemap' } });
    expect(columns[0].curve.map(({ maxComponents }: { maxComponents: number }) => maxComponents)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(configurationInputSchema.parse(configuration)).toEqual({
      columns: { x: { action: 'normalize', maxComponents: 4 } },
    });
    expect(stderr).toBe('');
  });

  it('prints the curve, the choice and the file to save for people, and writes nothing', () => {
    const before = readdirSync(folder);
    const { stdout } = modemap('tune', input, '--search', 'halving', '--budget', '9', '--most-components', '9');
    expect(stdout).toContain('x: 20,000 values');
    expect(stdout).toMatch(/^modemap +4 +4 +100% .*<- chosen$/m);
    expect(stdout).toMatch(/^modemap +1 +1 +11% /m);
    expect(JSON.parse(stdout.slice(stdout.indexOf('_modemap.json:') + 14)).columns.x.maxComponents).toBe(4);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('tunes the columns asked for, those too that a run would pass', () => {
    const { stdout } = modemap('tune', input, '--column', 'day', '--budget', '2', '--json');
    expect(JSON.parse(stdout).columns.map(({ name }: { name: string }) => name)).toEqual(['day']);
  });

  it('gives the same numbers for the same seed and others for another', () => {
    const bits = (seed: string) => {
      const { stdout } = modemap('tune', input, '--budget', '2', '--most-components', '2', '--seed', seed, '--json');
      return JSON.parse(stdout).columns[0].curve.map(({ heldOutBits }: { heldOutBits: number }) => heldOutBits);
    };
    expect(bits('1')).toEqual(bits('1'));
    expect(bits('1')).not.toEqual(bits('2'));
  });

  it.each([
    [['--column', 'nobody'], /^modemap: .*nobody/],
    [['--column', 'name'], /^modemap: .*name/],
    [['--search', 'luck'], /^modemap: .*grid, random, halving/],
    [['--most-components', '101'], /^modemap: .*must be an integer 1\.\.100/],
  ])('says in one line what is wrong with %j', (flags, message) => {
    const { status, stdout, stderr } = modemap('tune', input, ...flags);
    expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(message);
  });

  it('says so where there is nothing to tune', async () => {
    const path = join(folder, 'texts.parquet');
    await writeParquetFile(path, "select 'a' as name, 7 as constant from range(10)");
    const { status, stderr } = modemap('tune', path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^modemap: INPUT must have a column to normalize .*; modemap plan INPUT says why\n$/);
    expect(existsSync(path)).toBe(true);
  });

  it('shows examples with --help', () => {
    expect(modemap('tune', '--help').stdout).toContain('modemap tune data/trips --column fare tip');
  });
});

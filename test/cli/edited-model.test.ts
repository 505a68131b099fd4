import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const input = join(folder, 'table.parquet');
const finished = join(folder, 'finished');
const run = (out: string) => modemap('run', input, '--out', out, '--jobs', '1', '--quiet');

beforeAll(async () => {
  await writeParquetFile(input, 'select hash(i) % 90000 / 100.0::double as x from range(3000) t(i)');
  expect(run(finished).status).toBe(0);
});

/** An output folder whose run wrote its model and was killed before the first part. */
function killedAfterFit(name: string): { out: string; model: string } {
  const out = join(folder, name);
  cpSync(finished, out, { recursive: true, preserveTimestamps: true });
  for (const entry of readdirSync(out)) if (entry !== '.work') rmSync(join(out, entry), { recursive: true });
  const dataset = join(out, '.work', 'table');
  const work = join(dataset, readdirSync(dataset)[0]);
  for (const place of ['metrics', 'summaries', 'receipts', 'reduced'])
    rmSync(join(work, 'pass-0', place), { recursive: true, force: true });
  rmSync(join(work, 'audit-0.json'), { force: true });
  return { out, model: join(work, 'model-0.json') };
}

describe('a model edited by hand between two attempts', () => {
  it('is used where it is valid', () => {
    const { out, model } = killedAfterFit('valid');
    writeFileSync(model, readFileSync(model, 'utf8').replace(/"bitsPerValue":[\d.]+/, '"bitsPerValue":1.5'));
    expect(run(out)).toMatchObject({ status: 0, stderr: '' });
    const { stdout } = modemap('query', out, 'select distinct bits_per_value as bits from components', '--json');
    expect(JSON.parse(stdout)).toEqual([{ bits: 1.5 }]);
  });

  it.each([
    [
      'a negative weight',
      (text: string) => text.replace(/"weight":[^,]+/, '"weight":-1'),
      /components\[0\]\.weight must be >= 0, got -1/,
    ],
    [
      'no standard deviation',
      (text: string) => text.replace(/"standardDeviation":[^,]+/, '"standardDeviation":0'),
      /components\[0\]\.standardDeviation must be > 0 for a gaussian, got 0/,
    ],
    ['a field too many', (text: string) => text.replace('"dataset":', '"tables":1,"dataset":'), /unknown field tables/],
    ['half of it', (text: string) => text.slice(0, text.length / 2), /must be JSON: /],
    ['nothing', () => '', /must be JSON: /],
  ])('is refused in one line where it has %s; nothing becomes visible', (name, edit, message) => {
    const { out, model } = killedAfterFit(name);
    writeFileSync(model, edit(readFileSync(model, 'utf8')));
    const { status, stdout, stderr } = run(out);
    expect([status, stdout, stderr.trimEnd().split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^modemap: .*model-0\.json/);
    expect(existsSync(join(out, 'runs'))).toBe(false);
  });

  it('of a committed run is refused by the commands that read it', () => {
    const out = join(folder, 'committed');
    cpSync(finished, out, { recursive: true });
    const models = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
      ({ name }) => name === 'model.json',
    );
    for (const { parentPath, name } of models) {
      const path = join(parentPath, name);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/"standardDeviation":[^,]+/, '"standardDeviation":0'));
    }
    for (const args of [
      ['stability', out],
      ['query', out, 'select * from components'],
    ]) {
      const { status, stderr } = modemap(...args);
      expect([status, stderr.trimEnd().split('\n').length]).toEqual([1, 1]);
      expect(stderr).toMatch(
        /model\.json: columns\[0\]\.components\[0\]\.standardDeviation must be > 0 for a gaussian, got 0/,
      );
    }
  });
});

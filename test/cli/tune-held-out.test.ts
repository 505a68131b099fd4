import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';
import { python, runPython } from '../support/python.ts';

const folder = temporaryFolder();
const script = fileURLToPath(new URL('held_out.py', import.meta.url));
const input = join(folder, 'table.parquet');
const normal = (salt: number) =>
  `sqrt(-2 * ln((hash(i * 2 + ${salt}) % 1000000 + 0.5) / 1e6)) * cos(2 * pi() * ((hash(i * 3 + ${salt + 1}) % 1000000 + 0.5) / 1e6))`;

/** What a direct evaluation gives: a run over the half that tune fits to, its model scored on the rows of the other. */
function direct(column: string, seed: number, maxComponents: number): { bits: number; standardError: number } {
  const paths = ['fit', 'held'].map((half) => join(folder, `${half}-${column}-${maxComponents}.parquet`));
  runPython(script, 'split', input, column, String(seed), ...paths);
  const out = join(folder, `out-${column}-${maxComponents}`);
  const flags = ['--fit', 'sample', '--normalize', column, '--max-components', String(maxComponents), '--jobs', '1'];
  const { status, stderr } = modemap('run', paths[0], '--out', out, '--quiet', ...flags);
  expect(status, stderr).toBe(0);
  const [model] = readdirSync(join(out, 'models'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('model.json'),
  );
  return JSON.parse(runPython(script, 'score', join(out, 'models', model), column, paths[1]));
}

describe.skipIf(!python)('the bits that modemap tune says of the rows held out', () => {
  it.each([
    // every distinct value is a bin: only rounding differs
    ['ages', `round(40 + 12 * (${normal(1)}))::integer`, 1e-9],
    // rows are scored by bins of them, which may cost what a summary may cost
    ['money', `round(exp(5 + ${normal(7)}), 2)::double`, 0.002],
  ])(
    '%s: are those of an independent evaluation, row by row',
    async (column, expression, tolerance) => {
      await writeParquetFile(input, `select ${expression} as ${column} from range(24000) t(i)`);
      const { status, stdout, stderr } = modemap(
        'tune',
        input,
        '--column',
        column,
        '--budget',
        '2',
        '--most-components',
        '3',
        '--seed',
        '5',
        '--json',
      );
      expect(status, stderr).toBe(0);
      const [{ curve }] = JSON.parse(stdout).columns as {
        columns: never;
        curve: { maxComponents: number; heldOutBits: number; standardError: number }[];
      }[];
      expect(curve.map(({ maxComponents }) => maxComponents)).toEqual(expect.arrayContaining([1, 3]));
      for (const { maxComponents, heldOutBits, standardError } of curve) {
        const found = direct(column, 5, maxComponents);
        expect(Math.abs(heldOutBits - found.bits)).toBeLessThan(tolerance);
        // from ten blocks: known to a quarter of itself
        expect(standardError / found.standardError).toBeGreaterThan(0.3);
        expect(standardError / found.standardError).toBeLessThan(2.5);
      }
    },
    120_000,
  );
});

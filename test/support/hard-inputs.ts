import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { modemap, temporaryFolder } from './command.ts';
import { writeParquetFile } from './duckdb.ts';

/** Runs over inputs that are hard to take, in a folder of the test file's own. */
export function hardInputs() {
  const folder = temporaryFolder();
  const path = (name: string) => join(folder, name);
  const freshFolder = () => mkdtempSync(join(folder, 'case-'));
  const freshOut = () => join(freshFolder(), 'out');
  const good = path('good.parquet');
  return {
    path,
    freshFolder,
    freshOut,
    /** a file with nothing wrong about it, once it is written */
    good,
    writeGood: () =>
      writeParquetFile(
        good,
        'select (i * 7919) % 97 / 8.0 as x, i % 7 as y, (i % 7)::varchar as s from range(4000) t(i)',
        "row_group_size 2048, compression 'uncompressed'",
      ),

    /** The command must end with exit 1, one line on stderr, and nothing where the output would be. */
    refused(input: string, ...flags: string[]): string {
      const out = freshOut();
      const { status, stderr, stdout } = modemap('run', input, '--out', out, '--jobs', '1', ...flags);
      expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
      expect([status, stdout, existsSync(out)]).toEqual([1, '', false]);
      return stderr.trimEnd();
    },

    /** The command must end well; returns the output folder. */
    accepted(input: string, ...flags: string[]): string {
      const out = freshOut();
      const { status, stderr } = modemap('run', input, '--out', out, '--jobs', '1', '--quiet', ...flags);
      expect([status, stderr]).toEqual([0, '']);
      return out;
    },

    rowsOf: (out: string) => JSON.parse(modemap('query', out, 'select count(*)::int as n from data', '--json').stdout),
  };
}

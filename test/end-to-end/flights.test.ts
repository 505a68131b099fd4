import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { FLIGHTS, modemap, temporaryFolder } from '../support/command.ts';
import { python, runPython } from '../support/python.ts';

const out = join(temporaryFolder(), 'out');
const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe.skipIf(!python)('three million flights', () => {
  beforeAll(() => {
    const { status, stderr } = modemap('demo', '--out', out);
    expect(status, stderr).toBe(0);
  });

  it('an independent reader finds every row, every pair and every metric as specified', () => {
    const found = JSON.parse(runPython(script('check_run.py'), FLIGHTS, out));
    expect(found.rows).toBe(3_000_000);
    expect(Object.keys(found.columns)).toEqual(['delay', 'distance']);
  });

  it('pyarrow, DuckDB, polars and hyparquet read the same values from data, metrics and run record', async () => {
    const { readers, digest } = JSON.parse(runPython(script('read_everywhere.py'), out));
    expect(readers).toEqual(['pyarrow', 'duckdb', 'polars']);
    expect(await digestByHyparquet(out)).toEqual(digest);
  });
});

/** Sums over a prefix of each column of each part: what the Python readers report too. */
async function digestByHyparquet(folder: string): Promise<Record<string, number[]>> {
  const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const { readdirSync } = await import('node:fs');
  const digest: Record<string, number[]> = {};
  for (const kind of ['data', 'metrics']) {
    const files = readdirSync(join(folder, kind), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.parquet'))
      .sort();
    for (const path of files) {
      const rows = await parquetReadObjects({
        file: await asyncBufferFromFile(join(folder, kind, path)),
        compressors,
        rowEnd: 20_000,
      });
      for (const name of Object.keys(rows[0])) {
        const numbers = rows
          .map((row) => row[name])
          .filter((value) => typeof value === 'number' || typeof value === 'bigint');
        if (numbers.length === 0) continue;
        digest[`${kind}.${name}`] ??= [];
        digest[`${kind}.${name}`].push(numbers.reduce<number>((sum, value) => sum + Number(value), 0));
      }
    }
  }
  return digest;
}

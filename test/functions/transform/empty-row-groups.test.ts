import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { outputKeys } from '../../../shared/contract/keys.ts';
import { readFooter } from '../../../shared/parquet/footer.ts';
import { temporaryFolder } from '../../support/command.ts';
import { readParquetRows } from '../../support/parquet-bytes.ts';
import { python, runPython } from '../../support/python.ts';
import { planHeaderOf, planned, runUntil, storesOf } from '../../support/stage-run.ts';

const folder = temporaryFolder();
const script = fileURLToPath(new URL('write_empty_row_groups.py', import.meta.url));

describe.skipIf(!python)('row groups of no row', () => {
  it.each([
    [1e8, [[3, 2]]],
    [1, [[3], [2]]],
  ])('are left out, at partitions of %d bytes', async (partitionBytes, expected) => {
    initialiseParquetWasm();
    const path = join(folder, 'table.parquet');
    runPython(script, path);
    const stores = storesOf({ 'a.parquet': Uint8Array.from(await readFile(path)) });
    const run = await runUntil('commit', stores, { configuration: { partitionBytes } });
    expect(await planHeaderOf(stores, run)).toMatchObject({ rowGroups: 5, rows: 5 });
    const [rowGroups, ids]: [number[][], unknown[]] = [[], []];
    for (let i = 0; i < (await planned(stores, run)).length; i++) {
      const key = outputKeys.part(run, 0, i);
      const { etag, sizeBytes } = (await stores.output.head(key))!;
      const footer = await readFooter(stores.output, key, etag, sizeBytes);
      rowGroups.push(footer.rowGroups.map(({ rows }) => rows));
      ids.push(...(await readParquetRows(await stores.output.read(key))).map(({ id }) => id));
    }
    expect(rowGroups).toEqual(expected);
    expect(ids).toEqual([0, 1, 2, 3, 4]);
  });
});

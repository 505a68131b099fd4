import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { writeParquetFile } from './duckdb.ts';

/** The rows of a query as the bytes of a Parquet file. */
export async function parquetBytes(query: string, options = ''): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'modemap-parquet-'));
  try {
    const path = join(folder, 'table.parquet');
    await writeParquetFile(path, query, options);
    return Uint8Array.from(await readFile(path));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The rows of a Parquet file, by a reader that shares no code with ours. */
export async function readParquetRows(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer, compressors });
}

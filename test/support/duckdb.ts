import { DuckDBInstance } from '@duckdb/node-api';

/** Run statements on a fresh DuckDB in memory and return the rows of the last one as objects. */
export async function sql(...statements: string[]): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    for (const statement of statements.slice(0, -1)) await connection.run(statement);
    return (await connection.runAndReadAll(statements.at(-1)!)).getRowObjects();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Write the rows of a query as a Parquet file. */
export async function writeParquetFile(path: string, query: string, options = ''): Promise<void> {
  await sql(`copy (${query}) to '${path.replaceAll("'", "''")}' (format parquet${options && `, ${options}`})`);
}

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DuckDBConnection, DuckDBInstance, ResultReturnType } from '@duckdb/node-api';
import { type Command, Option } from 'commander';
import { ConfigurationError, ModemapError } from '../shared/contract/errors.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import { formatResult, type ResultFormat } from './result-format.ts';
import { locateRun } from './run-location.ts';
import { defineViews, VIEW_NAMES } from './run-views.ts';

export interface QueryOptions {
  format: ResultFormat;
  /** rows at most; all of them where undefined */
  limit?: number;
  /** told when there were more rows than `limit` */
  onCut?: (limit: number) => void;
}

/** What a person reads at once; a file or another program gets everything. */
const TABLE_ROWS = 1_000;

/** What the client library says of a text without a statement. */
const NO_STATEMENT = 'Error in native callback';

export function registerQuery(program: Command): void {
  program
    .command('query')
    .description('Ask a committed run something in SQL (DuckDB).')
    .argument('<RUN>', 'output folder (its newest run), OUT/runs/dataset=NAME, or OUT/runs/dataset=NAME/ID.json')
    .argument('<SQL>', `a statement over the views ${VIEW_NAMES.join(', ')}`)
    .addOption(new Option('--csv', 'print CSV').conflicts('json'))
    .option('--json', 'print an array of JSON objects')
    .option(
      '--limit <N>',
      `rows to print at most (default: ${TABLE_ROWS} of a table, all of CSV and JSON)`,
      parsePositiveInteger,
    )
    .addHelpText(
      'after',
      `
Views:
  data        the normalized table      metrics     errors by column and partition
  run         the run record, one row   components  the components of the model
  tasks       how each partition was worked on

Examples:
  modemap query out "select * from data limit 5"
  modemap query out "select column_name, component, weight, mean from components"
  modemap query out "select * from metrics order by max_absolute_error desc" --csv > metrics.csv
  modemap query out/runs/dataset=flights "select rows, seconds from run" --json`,
    )
    .action(async (run: string, sql: string, { csv, json, limit }: { csv?: true; json?: true; limit?: number }) => {
      const format = csv ? 'csv' : json ? 'json' : 'table';
      const onCut = (rows: number) =>
        process.stderr.write(`only the first ${rows} rows are shown; --limit shows more, --csv all of them\n`);
      const options = { format, limit: limit ?? (format === 'table' ? TABLE_ROWS : undefined), onCut } as const;
      await print(queryPieces(run, sql, options));
    });
}

/**
 * Ask a committed run something in SQL.
 *
 * @param run see {@link locateRun}
 * @returns the whole answer as text that ends in a newline; empty for a statement without a result
 * @throws {ConfigurationError} if there is no such run, or DuckDB refuses the statement
 */
export async function queryRun(run: string, sql: string, options: QueryOptions): Promise<string> {
  let text = '';
  for await (const piece of queryPieces(run, sql, options)) text += piece;
  return text;
}

/** Like {@link queryRun}, piece by piece: CSV and JSON of any length need no memory for the whole. */
export async function* queryPieces(run: string, sql: string, options: QueryOptions): AsyncGenerator<string> {
  const location = await locateRun(run);
  // nothing is to be fetched from the network, and nothing written to the working folder
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    temp_directory: join(tmpdir(), `modemap-query-${process.pid}`),
  });
  const connection = await instance.connect();
  try {
    await defineViews(connection, location);
    yield* answer(connection, sql, options);
  } catch (error) {
    throw error instanceof ModemapError ? error : inUsersTerms(error);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* answer(connection: DuckDBConnection, sql: string, options: QueryOptions): AsyncGenerator<string> {
  await connection.extractStatements(sql).catch((error: Error) => {
    if (error.message !== NO_STATEMENT) throw error;
    throw new ConfigurationError('SQL must hold a statement, got none');
  });
  const result = await connection.stream(sql);
  if (result.returnType !== ResultReturnType.QUERY_RESULT) return;
  yield* formatResult(result, options);
}

/** DuckDB says what is wrong in its first line, then shows where in several. */
function inUsersTerms(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
  const [line] = error.message.replace(/^Failed to extract statements: /, '').split('\n');
  const isUnknownTable = line.startsWith('Catalog Error: Table with name');
  const views = `; the views are ${VIEW_NAMES.join(', ')}`;
  return new ConfigurationError(`SQL: ${line}${isUnknownTable ? views : ''}`, { cause: error });
}

/** Write as fast as the reader reads; one that has read enough (`| head`) ends the query without a complaint. */
async function print(pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import type { QueryOptions } from './query-duckdb.ts';
import { locateRun } from './run-location.ts';
import { VIEW_NAMES } from './run-views.ts';
import { isS3 } from './s3-url.ts';

interface QueryFlags {
  csv?: true;
  json?: true;
  limit?: number;
  stack?: string;
}

/** What a person reads at once; a file or another program gets everything. */
const TABLE_ROWS = 1_000;

export function registerQuery(program: Command): void {
  program
    .command('query')
    .description('Ask a committed run something in SQL (DuckDB; Athena where a deployed stack has a catalog).')
    .argument(
      '<RUN>',
      'output folder (its newest run), OUT/runs/dataset=NAME, or OUT/runs/dataset=NAME/ID.json; OUT may be s3://BUCKET; or s3://INPUT_BUCKET/DATASET: what its readers get',
    )
    .argument('<SQL>', `a statement over the views ${VIEW_NAMES.join(', ')}`)
    .addOption(new Option('--csv', 'print CSV').conflicts('json'))
    .option('--json', 'print an array of JSON objects')
    .option(
      '--limit <N>',
      `rows to print at most (default: ${TABLE_ROWS} of a table, all of CSV and JSON)`,
      parsePositiveInteger,
    )
    .option('--stack <NAME>', `the deployed stack, of s3:// (default: ${DEFAULT_STACK_NAME})`)
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
  modemap query out/runs/dataset=flights "select rows, seconds from run" --json
  modemap query s3://my-input-bucket/trips "select count(*) from data"

On s3:// the SQL is Athena's where the stack has a catalog: no files are fetched, and every answer is computed anew.
Values look as they do here, but for what is nested (structs, maps, lists of texts): that is Athena's own text.
Elsewhere it is DuckDB's, and the files of the views that it names are fetched first.`,
    )
    .action(async (run: string, sql: string, { csv, json, limit, stack }: QueryFlags) => {
      const format = csv ? 'csv' : json ? 'json' : 'table';
      const onCut = (rows: number) =>
        process.stderr.write(`only the first ${rows} rows are shown; --limit shows more, --csv all of them\n`);
      const options = { format, limit: limit ?? (format === 'table' ? TABLE_ROWS : undefined), onCut } as const;
      if (!isS3(run)) return print(queryPieces(run, sql, options));
      const { queryInCloud } = await import('./cloud/query-in-cloud.ts');
      await print(queryInCloud(run, sql, { ...options, stack: stack ?? DEFAULT_STACK_NAME }));
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
  // the engine is a large library: whoever only wants help does not wait for it
  const { queryDuckDb } = await import('./query-duckdb.ts');
  yield* queryDuckDb(await locateRun(run), sql, options);
}

/** Write as fast as the reader reads; one that has read enough (`| head`) ends the query without a complaint. */
async function print(pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

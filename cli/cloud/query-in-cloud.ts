import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { type QueryOptions, queryDuckDb, viewsNamed } from '../query-duckdb.ts';
import { formatResult } from '../result-format.ts';
import { parseS3Url } from '../s3-url.ts';
import { askAthena } from './athena-answer.ts';
import { athenaSql, viewsMeant } from './athena-sql.ts';
import { isDenied } from './aws-errors.ts';
import { fetchRun } from './fetch-run.ts';
import { findStackIfThere } from './find-stack.ts';
import { locateS3Run, type S3Run } from './s3-run.ts';

/**
 * Ask a run in S3 something in SQL: by Athena where the stack has a catalog, else by DuckDB over copies of its files.
 *
 * @param run see {@link locateS3Run}
 * @returns the answer, piece by piece
 */
export async function* queryInCloud(
  run: string,
  sql: string,
  options: QueryOptions & { stack: string },
): AsyncGenerator<string> {
  parseS3Url(run, 'RUN');
  const stack = await findStackIfThere(new CloudFormationClient(), options.stack).catch((error) => {
    // who may read objects may ask about them, also where nothing else is allowed
    if (isDenied(error)) return undefined;
    throw error;
  });
  const found = await locateS3Run(run, makeS3Client(), stack);
  if (!stack?.catalog || !found.isOfStack || !(await isInCatalog(found, sql)))
    return yield* byDuckDb(found, sql, options);
  const answer = await askAthena(new AthenaClient(), athenaSql(sql, found.record, stack.catalog), stack.catalog);
  if (answer) yield* formatResult(answer, options);
}

/** The table of a dataset holds the data of its current run alone; of older runs the catalog has all the rest. */
async function isInCatalog({ store, record }: S3Run, sql: string): Promise<boolean> {
  if (!viewsMeant(sql).includes('data')) return true;
  return (await storedCurrentRuns(store).read(record.dataset_id))?.runId === record.run_id;
}

async function* byDuckDb({ store, record }: S3Run, sql: string, options: QueryOptions): AsyncGenerator<string> {
  const views = await viewsNamed(sql);
  const root = await mkdtemp(join(tmpdir(), 'modemap-run-'));
  try {
    await fetchRun(store, record, views, root);
    yield* queryDuckDb({ root, record }, sql, options, views);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

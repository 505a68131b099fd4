import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { nameOf } from '../../functions/adapters/s3-errors.ts';
import { ConfigurationError } from '../../shared/contract/errors.ts';
import type { Answer } from '../result-format.ts';
import { VIEW_NAMES } from '../run-views.ts';
import { endOnStopSignals } from '../stop-signals.ts';
import { LINES_BEFORE } from './athena-sql.ts';
import { jsonOfAthena, textOfAthena } from './athena-value.ts';
import { askAws } from './aws-errors.ts';

/** Most queries take a second or two; a long one is asked for less often. */
const FIRST_LOOK_MS = 200;
const LATEST_LOOK_MS = 2_000;

interface Place {
  workgroup: string;
  /** where tables without a database are looked for */
  resultsDatabase: string;
}

/**
 * Let Athena answer. The answer is computed anew: the workgroup may reuse results, a run may have been committed since.
 *
 * @param sql as {@link athenaSql} makes it
 * @returns its columns and rows; undefined for a statement without any
 * @throws {ConfigurationError} with Athena's own reason, if it refuses or fails
 */
export async function askAthena(
  client: AthenaClient,
  sql: string,
  { workgroup, resultsDatabase }: Place,
): Promise<Answer<string> | undefined> {
  const start = new StartQueryExecutionCommand({
    QueryString: sql,
    WorkGroup: workgroup,
    QueryExecutionContext: { Database: resultsDatabase },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
  });
  const { QueryExecutionId = '' } = await askAws('asking Athena', () => client.send(start)).catch(refusal);
  const { StatementType } = await untilDone(client, QueryExecutionId);
  return answerOf(client, QueryExecutionId, StatementType === 'DML');
}

async function untilDone(client: AthenaClient, QueryExecutionId: string): Promise<QueryExecution> {
  // what nobody waits for need not be paid for
  const stop = () => client.send(new StopQueryExecutionCommand({ QueryExecutionId })).then(ignore, ignore);
  const stay = endOnStopSignals(stop, `query ${QueryExecutionId} is stopped`);
  try {
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LATEST_LOOK_MS)) {
      const look = new GetQueryExecutionCommand({ QueryExecutionId });
      const { QueryExecution = {} } = await askAws('asking Athena', () => client.send(look));
      const { State, StateChangeReason } = QueryExecution.Status ?? {};
      if (State === 'SUCCEEDED') return QueryExecution;
      if (State === 'FAILED' || State === 'CANCELLED') {
        throw new ConfigurationError(`SQL: ${inUsersTerms(StateChangeReason) || `Athena says ${State} and no more`}`);
      }
      await sleep(wait);
    }
  } finally {
    stay();
  }
}

async function answerOf(client: AthenaClient, id: string, hasHead: boolean): Promise<Answer<string> | undefined> {
  const page = (NextToken?: string) =>
    askAws('reading from Athena', () => client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken })));
  const first = await page();
  const columns = first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  if (columns.length === 0) return undefined;
  const names = columns.map(({ Name = '' }) => Name);
  return {
    names,
    keys: names.map((name, i) => {
      const before = names.slice(0, i).filter((other) => other === name).length;
      return before === 0 ? name : `${name}:${before}`;
    }),
    pages: pages(),
    text: (value, i) => textOfAthena(value, columns[i].Type),
    json: (value, i) => jsonOfAthena(value, columns[i].Type),
  };

  async function* pages() {
    let skip = hasHead ? 1 : 0;
    for (let current = first; ; current = await page(current.NextToken)) {
      const rows = current.ResultSet?.Rows ?? [];
      yield rows.slice(skip).map(({ Data = [] }) => columns.map((_, i) => Data[i]?.VarCharValue ?? null));
      if (!current.NextToken) return;
      skip = 0;
    }
  }
}

function refusal(error: unknown): never {
  if (nameOf(error) !== 'InvalidRequestException') throw error;
  throw new ConfigurationError(`SQL: ${inUsersTerms((error as Error).message)}`, { cause: error });
}

const ignore = () => undefined;

/** In one line, its lines counted as the user counts them. */
function inUsersTerms(reason = ''): string {
  const text = reason
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\bline (\d+):/g, (_, line: string) => `line ${Math.max(1, Number(line) - LINES_BEFORE)}:`);
  return text.includes('TABLE_NOT_FOUND') ? `${text}; the views are ${VIEW_NAMES.join(', ')}` : text;
}

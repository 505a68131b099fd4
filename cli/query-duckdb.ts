import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBResult,
  type DuckDBValue,
  ResultReturnType,
} from '@duckdb/node-api';
import { ConfigurationError, ModemapError } from '../shared/contract/errors.ts';
import { jsonOf } from './json-value.ts';
import { renderValue } from './render-value.ts';
import { type Answer, type FormatOptions, formatResult } from './result-format.ts';
import type { RunLocation } from './run-location.ts';
import { defineViews, VIEW_NAMES, type ViewName } from './run-views.ts';

export type QueryOptions = FormatOptions;

/** What the client library says of a text without a statement. */
const NO_STATEMENT = 'Error in native callback';

/**
 * Ask a run on this machine something in SQL, by DuckDB.
 *
 * @param views left out: all of them are there to be asked
 * @returns the answer, piece by piece; it ends in a newline, or is empty for a statement without a result
 * @throws {ConfigurationError} if DuckDB refuses the statement
 */
export async function* queryDuckDb(
  location: RunLocation,
  sql: string,
  options: QueryOptions,
  views: readonly ViewName[] = VIEW_NAMES,
): AsyncGenerator<string> {
  const { connection, close } = await open();
  try {
    await defineViews(connection, location, views);
    yield* answer(connection, sql, options);
  } catch (error) {
    throw error instanceof ModemapError ? error : inUsersTerms(error);
  } finally {
    close();
  }
}

/**
 * The views that a statement names.
 *
 * @throws {ConfigurationError} if it is no SQL
 */
export async function viewsNamed(sql: string): Promise<ViewName[]> {
  const { connection, close } = await open();
  try {
    const named = connection.getTableNames(sql, false).map((name) => name.toLowerCase());
    return VIEW_NAMES.filter((view) => named.includes(view));
  } catch (error) {
    throw inUsersTerms(error);
  } finally {
    close();
  }
}

/** Nothing is to be fetched from the network, and nothing written to the working folder. */
async function open() {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    temp_directory: join(tmpdir(), `modemap-query-${process.pid}`),
  });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, close };
}

async function* answer(connection: DuckDBConnection, sql: string, options: QueryOptions): AsyncGenerator<string> {
  await connection.extractStatements(sql).catch((error: Error) => {
    if (error.message !== NO_STATEMENT) throw error;
    throw new ConfigurationError('SQL must hold a statement, got none');
  });
  const result = await connection.stream(sql);
  if (result.returnType !== ResultReturnType.QUERY_RESULT) return;
  yield* formatResult(answerOf(result), options);
}

function answerOf(result: DuckDBResult): Answer<Exclude<DuckDBValue, null>> {
  const types = result.columnTypes();
  return {
    names: result.columnNames(),
    keys: result.deduplicatedColumnNames(),
    pages: result.yieldRows(),
    text: (value, i) => renderValue(value, types[i]),
    json: (value, i) => jsonOf(value, types[i]),
  };
}

/** DuckDB says what is wrong in its first line, then shows where in several. */
function inUsersTerms(error: unknown): Error {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
  const [line] = error.message.replace(/^Failed to extract statements: /, '').split('\n');
  const isUnknownTable = line.startsWith('Catalog Error: Table with name');
  const views = `; the views are ${VIEW_NAMES.join(', ')}`;
  return new ConfigurationError(`SQL: ${line}${isUnknownTable ? views : ''}`, { cause: error });
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AthenaClient, GetWorkGroupCommand, type WorkGroup } from '@aws-sdk/client-athena';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { parseS3Url } from '../../cli/s3-url.ts';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { athenaText, athenaType } from './athena-values.ts';
import { clientOptions, type EmulatedAws } from './emulator-process.ts';
import { parseNumbersAsText, type TrinoClient, TrinoError, type TrinoStatement } from './trino-client.ts';

type Input = Record<string, unknown>;

interface Query {
  id: string;
  request: Input;
  looks: number;
  statement: TrinoStatement;
  isStopped?: boolean;
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason?: string;
  columns: { Name: string; Type: string }[];
  rows: (string | null)[][];
  /** of the answer as a file */
  location: string;
}

/** Rows a page where nothing is asked for, the head not counted: few, so that pages are met. */
const PAGE = 3;

/**
 * As much of Athena's API as queries need, with Trino behind it: real clients talk to it. Answers are files as well,
 * where the workgroup says that the emulator knows.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying.html: the file
 */
export class AthenaFront {
  readonly #trino: TrinoClient;
  readonly #s3: S3Client;
  readonly #athena: AthenaClient;
  readonly #server: Server = createServer((request, response) => this.#serve(request, response));
  readonly queries: Query[] = [];

  /** @param aws the emulator, of files and workgroups */
  constructor(trino: TrinoClient, aws: EmulatedAws) {
    this.#trino = trino;
    this.#s3 = makeS3Client(clientOptions(aws));
    this.#athena = new AthenaClient(clientOptions(aws));
  }

  /** @returns its origin */
  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    this.#s3.destroy();
    this.#athena.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const answer = await this.#answer(operation, JSON.parse(await text(request)));
    const status = '__type' in answer ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }

  async #answer(operation: string, input: Input): Promise<object> {
    if (operation === 'StartQueryExecution') return this.#start(input);
    if (operation === 'GetWorkGroup') return { WorkGroup: await this.#workgroup(input.WorkGroup) };
    const query = this.queries[Number(input.QueryExecutionId)];
    if (operation === 'GetQueryExecution') return { QueryExecution: describe(query) };
    if (operation === 'GetQueryResults') return pageOf(query, input);
    if (operation === 'StopQueryExecution') {
      query.isStopped = true;
      await query.statement.cancel();
      return {};
    }
    return { __type: 'UnknownOperationException', message: `the front does not know ${operation}` };
  }

  /** What is no SQL is refused at once; what else is wrong is found out by working on it. */
  async #start(request: Input): Promise<object> {
    const { Database } = (request.QueryExecutionContext ?? {}) as { Database?: string };
    const { Configuration } = await this.#workgroup(request.WorkGroup);
    try {
      const statement = await this.#trino.start(String(request.QueryString), Database);
      const id = String(this.queries.length);
      const location = `${Configuration?.ResultConfiguration?.OutputLocation}${id}.csv`;
      const query: Query = { id, request, looks: 0, statement, state: 'RUNNING', columns: [], rows: [], location };
      this.queries.push(query);
      this.#work(query).catch((error: Error) => this.#fail(query, error));
      return { QueryExecutionId: id };
    } catch (error) {
      if (!(error instanceof TrinoError)) throw error;
      return { __type: 'InvalidRequestException', message: error.message, AthenaErrorCode: 'MALFORMED_QUERY' };
    }
  }

  async #work(query: Query): Promise<void> {
    const { columns, rows } = await query.statement.answer(parseNumbersAsText);
    query.columns = columns.map(({ name, typeSignature }) => ({ Name: name, Type: athenaType(typeSignature) }));
    query.rows = rows.map((row) =>
      row.map((value, i) => (value === null ? null : athenaText(value, columns[i].typeSignature))),
    );
    await this.#write(query.location, csvOf(query));
    query.state = 'SUCCEEDED';
  }

  #fail(query: Query, error: Error): void {
    const code = error instanceof TrinoError ? error.code : 'GENERIC_INTERNAL_ERROR';
    const isCancelled = code === 'USER_CANCELED';
    query.state = isCancelled ? 'CANCELLED' : 'FAILED';
    const reason = error.message.replaceAll(this.#trino.catalog, 'awsdatacatalog');
    query.reason = isCancelled ? reason : `${code}: ${reason}`;
  }

  async #workgroup(name: unknown): Promise<WorkGroup> {
    const answer = await this.#athena.send(new GetWorkGroupCommand({ WorkGroup: String(name) }));
    const { Name, State, Configuration } = answer.WorkGroup ?? {};
    return { Name, State, Configuration };
  }

  async #write(url: string, Body: string): Promise<void> {
    const { bucket: Bucket, key: Key } = parseS3Url(url, 'location');
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }
}

/** Answers of queries begin with a row of names, those of other statements do not. */
const isQuery = ({ request }: Query) => /^\s*(with|select|values|table|\()/i.test(String(request.QueryString));

function describe(query: Query): object {
  const { id, state, reason, request, location } = query;
  const now = Date.now() / 1000;
  return {
    QueryExecutionId: id,
    Query: request.QueryString,
    StatementType: isQuery(query) ? 'DML' : 'UTILITY',
    WorkGroup: request.WorkGroup,
    ResultConfiguration: { OutputLocation: location },
    Statistics: { DataScannedInBytes: 0, EngineExecutionTimeInMillis: 1 },
    Status: {
      State: query.looks++ === 0 ? 'QUEUED' : state,
      StateChangeReason: reason,
      SubmissionDateTime: now,
      CompletionDateTime: now,
    },
  };
}

function pageOf(query: Query, { NextToken = 0, MaxResults = PAGE }: Input): object {
  const { columns, rows } = query;
  const head = isQuery(query) ? [columns.map(({ Name }) => Name)] : [];
  const all = [...head, ...rows];
  const [from, to] = [Number(NextToken), Number(NextToken) + Number(MaxResults)];
  return {
    ResultSet: {
      Rows: all.slice(from, to).map((row) => ({
        Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
      })),
      ResultSetMetadata: { ColumnInfo: columns },
    },
    NextToken: to < all.length ? String(to) : undefined,
  };
}

/** Everything is quoted, but null is nothing at all. */
function csvOf({ columns, rows }: Query): string {
  const field = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`);
  return [columns.map(({ Name }) => Name), ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

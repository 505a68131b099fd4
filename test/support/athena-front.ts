import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What stands behind the front: an engine that answers SQL with texts, as Athena's results are. */
export interface SqlEngine {
  /** @throws {Error} with the engine's reason */
  ask(sql: string): Promise<{ names: string[]; types: string[]; rows: (string | null)[][] }>;
}

interface Query {
  request: Record<string, unknown>;
  looks: number;
  isStopped?: boolean;
  failure?: string;
  answer?: Awaited<ReturnType<SqlEngine['ask']>>;
}

/** Rows a page, the head not counted: few, so that pages are met. */
const PAGE = 3;

/** As much of Athena's API as a query needs, in front of another engine: the real client talks to it. */
export class AthenaFront {
  readonly #engine: SqlEngine;
  readonly #server: Server = createServer((request, response) => this.#serve(request, response));
  readonly queries: Query[] = [];

  constructor(engine: SqlEngine) {
    this.#engine = engine;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const answer = await this.#answer(operation, JSON.parse(await text(request)));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  }

  async #answer(operation: string, input: Record<string, string>): Promise<unknown> {
    if (operation === 'StartQueryExecution') {
      const query: Query = { request: input, looks: 0 };
      this.queries.push(query);
      void this.#engine.ask(input.QueryString).then(
        (answer) => Object.assign(query, { answer }),
        (error: Error) => Object.assign(query, { failure: error.message }),
      );
      return { QueryExecutionId: String(this.queries.length - 1) };
    }
    const query = this.queries[Number(input.QueryExecutionId)];
    if (operation === 'StopQueryExecution') {
      query.isStopped = true;
      return {};
    }
    if (operation === 'GetQueryExecution') {
      const ended = query.answer ? 'SUCCEEDED' : query.failure === undefined ? 'RUNNING' : 'FAILED';
      const State = query.looks++ === 0 ? 'QUEUED' : ended;
      return { QueryExecution: { StatementType: 'DML', Status: { State, StateChangeReason: query.failure } } };
    }
    const { names = [], types = [], rows = [] } = query.answer ?? {};
    const all = [names, ...rows].map((row) => ({
      Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
    }));
    const from = Number(input.NextToken ?? 0);
    return {
      ResultSet: {
        Rows: all.slice(from, from + PAGE),
        ResultSetMetadata: { ColumnInfo: names.map((Name, i) => ({ Name, Type: types[i] })) },
      },
      NextToken: from + PAGE < all.length ? String(from + PAGE) : undefined,
    };
  }
}

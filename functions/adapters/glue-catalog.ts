import {
  CreatePartitionCommand,
  CreateTableCommand,
  DeletePartitionCommand,
  DeleteTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type GlueClientConfig,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { partitionStorage, RESULT_TABLES, type TableDefinition } from '../../shared/contract/catalog.ts';
import { StoreRefusedError, StoreUnavailableError } from '../../shared/contract/errors.ts';
import type { RunReference } from '../../shared/contract/keys.ts';
import type { Catalog, StoredTable } from '../catalog.ts';
import { isTransient, nameOf } from './s3-errors.ts';

export interface GlueCatalogProps {
  /** database of metrics, tasks, components and runs */
  results: string;
  /** database of a table a dataset */
  data: string;
  /** `s3://bucket/` of the output store */
  output: string;
}

/** What Glue calls a change that met another one. */
const CONFLICT = 'ConcurrentModificationException';
/** Others may be changing the table: what Glue refuses now it may allow in a moment. */
const MAY_PASS = new Set([
  CONFLICT,
  'OperationTimeoutException',
  'InternalServiceException',
  'ResourceNotReadyException',
]);

/**
 * The Glue Data Catalog, which Athena looks tables up in.
 *
 * `VersionId` makes UpdateTable conditional, with `SkipArchive` too: Iceberg's own catalog on Glue relies on both.
 *
 * @see https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html
 * @see https://github.com/apache/iceberg, GlueTableOperations.persistGlueTable
 */
export class GlueCatalog implements Catalog {
  readonly output: string;
  readonly #client: GlueClient;
  readonly #databases: { results: string; data: string };

  constructor({ results, data, output }: GlueCatalogProps, overrides: GlueClientConfig = {}) {
    this.#client = new GlueClient({ retryMode: 'standard', ...overrides });
    this.#databases = { results, data };
    this.output = output;
  }

  async addPartitions(run: RunReference): Promise<void> {
    for (const table of RESULT_TABLES) {
      const command = new CreatePartitionCommand({
        DatabaseName: this.#databases.results,
        TableName: table,
        PartitionInput: {
          Values: [run.datasetId, run.runId],
          StorageDescriptor: partitionStorage(table, run, this.output),
        },
      });
      await unless('AlreadyExistsException', () => this.#client.send(command), `${this.#databases.results}.${table}`);
    }
  }

  async readTable(datasetId: string): Promise<StoredTable | undefined> {
    const command = new GetTableCommand({ DatabaseName: this.#databases.data, Name: datasetId });
    const answer = await unless('EntityNotFoundException', () => this.#client.send(command), this.#nameOf(datasetId));
    if (!answer) return undefined;
    const { Parameters = {}, VersionId } = answer.Table ?? {};
    if (VersionId === undefined) throw new TypeError(`table ${datasetId} must have a version, got none`);
    return { parameters: Parameters, version: VersionId };
  }

  async createTable(definition: TableDefinition): Promise<boolean> {
    const command = new CreateTableCommand({ DatabaseName: this.#databases.data, TableInput: definition });
    const send = () => this.#client.send(command);
    return (await unless('AlreadyExistsException', send, this.#nameOf(definition.Name))) !== undefined;
  }

  async replaceTable(definition: TableDefinition, { version }: StoredTable): Promise<boolean> {
    const command = new UpdateTableCommand({
      DatabaseName: this.#databases.data,
      TableInput: definition,
      VersionId: version,
      SkipArchive: true,
    });
    return (await unless(CONFLICT, () => this.#client.send(command), this.#nameOf(definition.Name))) !== undefined;
  }

  /** Drop a dataset's table; one that is not there is fine. */
  async dropTable(datasetId: string): Promise<void> {
    const command = new DeleteTableCommand({ DatabaseName: this.#databases.data, Name: datasetId });
    await unless('EntityNotFoundException', () => this.#client.send(command), this.#nameOf(datasetId));
  }

  /** Drop the partitions of one run, or of every run of a dataset, in each table of results. */
  async dropPartitions({ datasetId, runId }: { datasetId: string; runId?: string }): Promise<void> {
    for (const TableName of RESULT_TABLES) {
      const what = `${this.#databases.results}.${TableName}`;
      const runs = runId === undefined ? await this.#runsOf(datasetId, TableName) : [runId];
      for (const run of runs) {
        const command = new DeletePartitionCommand({
          DatabaseName: this.#databases.results,
          TableName,
          PartitionValues: [datasetId, run],
        });
        await unless('EntityNotFoundException', () => this.#client.send(command), what);
      }
    }
  }

  async #runsOf(datasetId: string, TableName: string): Promise<string[]> {
    const runs: string[] = [];
    const DatabaseName = this.#databases.results;
    const what = `${DatabaseName}.${TableName}`;
    // an identifier of a dataset holds nothing that would have to be escaped
    const Expression = `dataset = '${datasetId}'`;
    for (let NextToken: string | undefined; ; ) {
      const command = new GetPartitionsCommand({ DatabaseName, TableName, Expression, NextToken });
      const page = await unless('EntityNotFoundException', () => this.#client.send(command), what);
      for (const { Values: [dataset, run] = [] } of page?.Partitions ?? []) if (dataset === datasetId) runs.push(run);
      NextToken = page?.NextToken;
      if (!NextToken) return runs;
    }
  }

  #nameOf = (table: string) => `${this.#databases.data}.${table}`;
}

/**
 * What a request answers, or undefined where it fails by the one error that is an answer.
 *
 * @param what the table, for messages
 * @throws {StoreUnavailableError} if Glue did not answer or asks to slow down
 * @throws {StoreRefusedError} if the database does not exist or may not be changed
 */
async function unless<T>(expected: string, send: () => Promise<T>, what: string): Promise<T | undefined> {
  try {
    return await send();
  } catch (cause) {
    const name = nameOf(cause);
    if (name === expected) return undefined;
    const message = `table ${what} of the Glue catalog cannot be read or changed: ${name}: ${(cause as Error).message}`;
    throw isTransient(cause) || MAY_PASS.has(name)
      ? new StoreUnavailableError(message, { cause })
      : new StoreRefusedError(message, { cause });
  }
}

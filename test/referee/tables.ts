import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetPartitionsCommand, GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  type CatalogColumn,
  databasesOf,
  RESULT_TABLES,
  type StorageDescriptor,
} from '../../shared/contract/catalog.ts';
import type { RunReference } from '../../shared/contract/keys.ts';
import { DEFAULT_STACK_NAME } from '../../shared/contract/stack-outputs.ts';
import { AthenaFront } from '../support/athena-front.ts';
import { modemapBeside } from '../support/command.ts';
import { clientOptions, type EmulatedAws } from '../support/emulator-process.ts';
import { sameAnswer } from '../support/engine-values.ts';
import { ACCOUNT_OF_EMULATOR, trinoOver } from '../support/trino.ts';
import { pythonBesideTrino } from '../support/trino-process.ts';
import { type Question, questionsOf } from './questions.ts';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../end-to-end/query_as_readme.py', import.meta.url));

type Row = Record<string, unknown>;

/** What a question was answered by the tables and by the run here. */
export interface Answered extends Pick<Question, 'view' | 'what'> {
  there: Row[];
  here: Row[];
}

/**
 * The tables of a deployment as commit made them: Trino, the engine inside Athena, asks the emulator's own Glue and S3.
 * It is asked as users ask, by the command, through the real client of Athena.
 */
export class Tables {
  readonly #environment: Record<string, string>;
  readonly #glue: GlueClient;
  readonly #front: AthenaFront;

  private constructor(glue: GlueClient, front: AthenaFront, environment: Record<string, string>) {
    this.#glue = glue;
    this.#front = front;
    this.#environment = environment;
  }

  static async open(aws: EmulatedAws): Promise<Tables> {
    const front = new AthenaFront(await trinoOver(aws, ACCOUNT_OF_EMULATOR), aws);
    const environment = { ...aws, AWS_ENDPOINT_URL_ATHENA: await front.listen() };
    return new Tables(new GlueClient(clientOptions(aws)), front, environment);
  }

  close(): void {
    this.#front.close();
    this.#glue.destroy();
  }

  /** The dataset's table and, by the name of their table, the folders of the run's partitions, as Glue has them. */
  async entriesOf({ datasetId, runId }: RunReference) {
    const { results, data } = databasesOf(DEFAULT_STACK_NAME);
    const { Table } = await this.#glue.send(new GetTableCommand({ DatabaseName: data, Name: datasetId }));
    const partitions: Record<string, string | undefined> = {};
    for (const TableName of RESULT_TABLES) {
      const { Partitions = [] } = await this.#glue.send(new GetPartitionsCommand({ DatabaseName: results, TableName }));
      const own = Partitions.filter(({ Values = [] }) => Values[0] === datasetId && Values[1] === runId);
      if (own.length !== 1) throw new Error(`${TableName} must have one partition of ${runId}, got ${own.length}`);
      partitions[TableName] = own[0].StorageDescriptor?.Location;
    }
    const { Columns = [], Location } = (Table?.StorageDescriptor ?? {}) as Partial<StorageDescriptor>;
    return { columns: Columns, location: Location, runId: Table?.Parameters?.['modemap.run_id'], partitions };
  }

  /** Ask for everything that must be the same of a run in the cloud and of one here, in both places. */
  async ask(url: string, here: string, columns: readonly CatalogColumn[]): Promise<Answered[]> {
    const answered: Answered[] = [];
    for (const { view, what, trino, duckdb } of questionsOf(columns)) {
      const asked = this.#front.queries.length;
      const answers = await Promise.all([this.#answer(url, trino), this.#answer(here, duckdb)]);
      if (this.#front.queries.length !== asked + 1) throw new Error(`Athena must be asked for ${view}`);
      answered.push({ view, what, there: answers[0], here: answers[1] });
    }
    return answered;
  }

  /** Ask what README shows, as it shows it. */
  async askAsReadme(outputBucket: string): Promise<Record<string, number>> {
    const env = { ...process.env, ...this.#environment, AWS_DEFAULT_REGION: this.#environment.AWS_REGION };
    const { stdout } = await promisify(execFile)(pythonBesideTrino, [SCRIPT, README, outputBucket], { env });
    return JSON.parse(stdout);
  }

  async #answer(run: string, sql: string): Promise<Row[]> {
    const { status, stdout, stderr } = await modemapBeside(['query', run, sql, '--json'], this.#environment);
    if (status !== 0) throw new Error(`${run} must answer ${sql}: ${stderr}`);
    const rows: Row[] = JSON.parse(stdout);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, sameAnswer(value)])));
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { GlueCatalog } from '../../functions/adapters/glue-catalog.ts';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { logListing } from '../../functions/listing-log.ts';
import { type CatalogColumn, resultTables, type TableDefinition } from '../../shared/contract/catalog.ts';
import { outputKeys, type RunReference } from '../../shared/contract/keys.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { makeStack, resolvedResources } from '../infra/synthesized.ts';
import { EVERY_TYPE } from '../parquet/write/every-type.ts';
import { temporaryFolder } from '../support/command.ts';
import { sql } from '../support/duckdb.ts';
import { clientOptions } from '../support/emulator-process.ts';
import { quoted, sameAnswer, sameQuestion } from '../support/engine-values.ts';
import { makeTables } from '../support/glue-tables.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { type RunRequest, runUntil } from '../support/stage-run.ts';
import { ACCOUNT_OF_MOTO, hasTrino, startMoto, trinoOver } from '../support/trino.ts';
import type { TrinoClient } from '../support/trino-client.ts';

const BUCKET = 'output-of-test';
const template = Template.fromStack(makeStack({ 'modemap:outputBucket': BUCKET }).stack);
const synthesized = Object.values(resolvedResources(template, 'AWS::Glue::Table')).map(
  ({ TableInput }) => TableInput as TableDefinition,
);
const namedQueries = Object.values(resolvedResources(template, 'AWS::Athena::NamedQuery')) as {
  Name: string;
  QueryString: string;
}[];

/** Beside columns of every type: names that SQL has to quote, and one that is normalized. */
const ODD_NAMES = [
  'with space',
  'Größe',
  'say "hi"',
  'semi;colon, comma',
  'select',
  'dot.ted',
  '1st',
  ' padded ',
  'é/ß:%',
];
const ODD = `select *, ${ODD_NAMES.map((name, c) => `(i * ${c + 1})::integer as ${quoted(name)}`)},
  ln(i + 1)::double as ${quoted('Höhe (m)')} from (${EVERY_TYPE})`;
const CONFIGURATION = { fit: 'sample', maxComponents: 3, keepOriginal: true, partitionBytes: 1 };

const folder = temporaryFolder();
let trino: TrinoClient;
let glue: GlueClient;
let output: S3Store;
let catalog: GlueCatalog;
let second = 0;
const nextOrder = () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++second)).toISOString();

/** A dataset of the given files over fresh input and work stores and the one output bucket. */
async function datasetOf(dataset: string, files: Record<string, string>): Promise<Dataset> {
  const stores = { input: new MemoryStore(), work: new MemoryStore(), output };
  const made = new Dataset(dataset, stores);
  await made.drop(files);
  return made;
}

class Dataset {
  readonly name: string;
  readonly stores: Stores & { input: MemoryStore };

  constructor(name: string, stores: Stores & { input: MemoryStore }) {
    this.name = name;
    this.stores = stores;
  }

  /** Put files, each the rows of a query, in place of those of the same names. */
  async drop(files: Record<string, string>): Promise<void> {
    for (const [key, query] of Object.entries(files)) {
      this.stores.input.overwrite(key, await parquetBytes(query, 'row_group_size 2048'));
    }
  }

  /** Everything but the commit. */
  async prepare(request: RunRequest = {}): Promise<RunReference> {
    const order = nextOrder();
    const run = await runUntil('reduce', this.stores, {
      configuration: CONFIGURATION,
      ...request,
      dataset: this.name,
      order,
    });
    await logListing(this.stores.work, run, order);
    return run;
  }

  commit(run: RunReference): Promise<RunRecord> {
    return makeCommit(this.stores, nextOrder, storedCurrentRuns(output), catalog)({ ...run, pass: 0 });
  }
}

/** What is in the output bucket, as files of this machine for DuckDB. */
async function download(): Promise<string> {
  for await (const { key } of output.list('')) {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), await output.read(key));
  }
  return folder;
}

const columnsOf = async (table: string): Promise<CatalogColumn[]> => {
  const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'modemap_data', Name: table }));
  return Table?.StorageDescriptor?.Columns as CatalogColumn[];
};
const askData = (statement: string) => trino.query(statement, 'modemap_data');
const askResults = (statement: string) => trino.query(statement, 'modemap');
const countOf = async (table: string) => (await askResults(`select count(*) as n from ${table}`))[0].n;

describe.skipIf(!hasTrino)('the tables of a deployment, by the engine inside Athena', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    initialiseParquetWasm();
    const aws = await startMoto();
    trino = await trinoOver(aws, ACCOUNT_OF_MOTO);
    const there = clientOptions(aws);
    const client = makeS3Client({ ...there, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    output = new S3Store({ client, bucket: BUCKET });
    glue = new GlueClient(there);
    const props = { results: 'modemap', data: 'modemap_data', output: `s3://${BUCKET}/` };
    catalog = new GlueCatalog(props, there);
    await makeTables(glue, props, synthesized);
  }, 240_000);

  it('are synthesized as commit takes them to be', () => {
    expect(synthesized).toEqual(resultTables(`s3://${BUCKET}/`));
  });

  it('show nothing of a run before its commit, and everything after it', async () => {
    const dataset = await datasetOf('every_type', { 'a.parquet': ODD });
    const run = await dataset.prepare();
    const before = [];
    for await (const { key } of output.list('data/')) before.push(key);
    expect(before.length).toBeGreaterThan(1);
    for (const table of ['metrics', 'tasks', 'components', 'runs'])
      expect([table, await countOf(table)]).toEqual([table, 0]);
    expect(await askData('show tables')).toEqual([]);

    const record = await dataset.commit(run);
    expect(await askData('select count(*) as n from every_type')).toEqual([{ n: 2100 }]);
    expect(await countOf('metrics')).toBe(record.partitions * record.columns.length);
    expect(await countOf('tasks')).toBe(record.partitions);
    expect(await countOf('components')).toBe(record.columns.reduce((sum, { components }) => sum + components, 0));
    expect(await countOf('runs')).toBe(1);
  });

  it('hold of every column what DuckDB reads in the same files', async () => {
    const columns = await columnsOf('every_type');
    for (const name of [...ODD_NAMES, 'Höhe (m)_component']) {
      expect(columns.map(({ Name }) => Name)).toContain(name.toLowerCase());
    }
    const parts = join(await download(), 'data/dataset=every_type/*/*/*.parquet');
    const from = `read_parquet('${parts}', hive_partitioning = false)`;
    const questions = columns.map(({ Name, Type }) => sameQuestion(Name, Type));
    const listed = (engine: 'trino' | 'duckdb') =>
      questions.map((question, c) => `${question[engine]} as c${c}`).join();
    const answer = await askData(`select ${listed('trino')} from every_type order by i`);
    const expected = await sql(`set timezone = 'UTC'`, `select ${listed('duckdb')} from ${from} order by i`);
    expect(expected).toHaveLength(2100);
    for (const [c, { Name, Type }] of columns.entries()) {
      const valuesOf = (rows: Record<string, unknown>[]) => rows.map((row) => sameAnswer(row[`c${c}`]));
      expect([Name, Type, valuesOf(answer)]).toEqual([Name, Type, valuesOf(expected)]);
    }
  });

  it('lack only what the run record lists, and the list is what DuckDB sees beyond the table', async () => {
    const [{ data_location }] = await askResults("select data_location from runs where dataset = 'every_type'");
    const seen = await sql(
      `describe select * from read_parquet('${join(folder, String(data_location), '*.parquet')}', hive_partitioning = false)`,
    );
    const columns = new Set((await columnsOf('every_type')).map(({ Name }) => Name));
    const lacking = seen.map((row) => String(row.column_name)).filter((name) => !columns.has(name.toLowerCase()));
    const record = JSON.parse(Buffer.from(await output.read(await recordKey('every_type'))).toString()) as RunRecord;
    expect(record.omitted_columns.map(({ name }) => name)).toEqual(lacking);
    expect(lacking).toEqual(['u32', 'u64', 'clock', 'ns', 'period']);
  });

  it('move from run to run in one step: a reader in a loop gets the old run or the new one', async () => {
    const dataset = await datasetOf('swapped', { 'a.parquet': 'select i, 1 as version from range(3000) t(i)' });
    const old = await dataset.prepare();
    await dataset.commit(old);
    await dataset.drop({ 'a.parquet': 'select i, 2 as version from range(5000) t(i)' });
    const young = await dataset.prepare();

    let swapping = true;
    const read = (async () => {
      const seen = new Set<string>();
      while (swapping) {
        const [row] = await askData('select min(version) as a, max(version) as b, count(*) as n from swapped');
        seen.add(JSON.stringify(row));
      }
      return seen;
    })();
    await dataset.commit(young);
    for (const run of [old, young, old, young, old, young]) {
      await logListing(dataset.stores.work, run, nextOrder());
      await dataset.commit(run);
      // let a query begin and end between two moves
      await askData('select 1 as one');
    }
    swapping = false;
    expect([...(await read)].sort()).toEqual(['{"a":1,"b":1,"n":3000}', '{"a":2,"b":2,"n":5000}']);
    expect(await askData('select count(*) as n from swapped')).toEqual([{ n: 5000 }]);
  });

  it('follow a change of schema, and the old run stays readable where it lies', async () => {
    const dataset = await datasetOf('changing', {
      'a.parquet': "select i::integer as kept, i / 3 as removed, 'x' as retyped from range(100) t(i)",
    });
    await dataset.commit(await dataset.prepare());
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'modemap_data', Name: 'changing' }));
    await dataset.drop({
      'a.parquet': 'select [i] as added, i::integer as kept, 2.5::decimal(4,1) as retyped from range(50) t(i)',
    });
    await dataset.commit(await dataset.prepare({ configuration: { ...CONFIGURATION, columns: { retyped: 'pass' } } }));

    expect(await columnsOf('changing')).toEqual([
      { Name: 'added', Type: 'array<bigint>' },
      { Name: 'kept', Type: 'int' },
      { Name: 'retyped', Type: 'decimal(4,1)' },
    ]);
    expect(await askData('select sum(kept) as s, max(added[1]) as m, min(retyped) as r from changing')).toEqual([
      { s: 1225, m: 49, r: '2.5' },
    ]);
    await catalog.createTable({ ...(Table as TableDefinition), Name: 'changing_before' });
    expect(await askData('select sum(kept) as s, max(retyped) as r, count(removed) as c from changing_before')).toEqual(
      [{ s: 4950, r: 'x', c: 100 }],
    );
  });

  it('are read by a partition of one run without those of others', async () => {
    const [{ run_id }] = await askResults("select run_id from runs where dataset = 'every_type'");
    const answer = await askResults(`select distinct dataset from metrics where run_id = '${run_id}'`);
    expect(answer).toEqual([{ dataset: 'every_type' }]);
  });

  describe('and the named queries', () => {
    const AS_TEXT = "hive_partitioning = true, hive_types = {'dataset': 'VARCHAR', 'run_id': 'VARCHAR'}";
    let views: string[];

    beforeAll(async () => {
      const dataset = await datasetOf('drifting', {
        'a.parquet': 'select ln(i + 1) * 100 as x, i % 977 / 4 as y from range(6000) t(i)',
      });
      await dataset.commit(await dataset.prepare());
      await dataset.drop({
        'b.parquet': "select 900 + sqrt(i) as x, if(i % 9 = 0, 'inf', i % 977 / 4)::double as y from range(6000) t(i)",
      });
      await dataset.commit(await dataset.prepare());
      const root = await download();
      const results = resultTables('').filter(({ Name }) => Name !== 'runs');
      views = [
        ...results.map(
          ({ Name }) => `create view ${Name} as select * from read_parquet('${root}/${Name}/*/*/*', ${AS_TEXT})`,
        ),
        `create view runs as select * from read_json('${root}/runs/*/*.json', columns = {${runsColumns()}})`,
      ];
    });

    it.each(namedQueries.map(({ Name, QueryString }) => [Name, QueryString]))(
      '%s answers, and as DuckDB does',
      async (_, query) => {
        const answer = await askResults(query);
        const expected = await sql(...views, query);
        expect(answer.length).toBeGreaterThan(0);
        expect(answer.length).toBe(expected.length);
        for (const [i, row] of answer.entries()) {
          expect(Object.keys(row)).toEqual(Object.keys(expected[i]));
          for (const [name, value] of Object.entries(row)) {
            const here = sameAnswer(expected[i][name]);
            // sums in another order differ in the last digits
            if (typeof here === 'number')
              expect(value).toBeCloseTo(here, 9 - Math.ceil(Math.log10(Math.abs(here) + 1)));
            else expect([i, name, sameAnswer(value)]).toEqual([i, name, here]);
          }
        }
      },
    );
  });
});

/** The columns of the `runs` table for DuckDB, which would take an ISO date for a timestamp. */
function runsColumns(): string {
  const { StorageDescriptor } = resultTables('').find(({ Name }) => Name === 'runs')!;
  const types: Record<string, string> = { string: 'VARCHAR', bigint: 'BIGINT', double: 'DOUBLE' };
  return StorageDescriptor.Columns.map(({ Name, Type }) => `'${Name}': '${types[Type] ?? 'JSON'}'`).join(', ');
}

async function recordKey(datasetId: string): Promise<string> {
  for await (const { key } of output.list(outputKeys.recordsOf(datasetId))) return key;
  throw new Error(`${datasetId} must have a run`);
}

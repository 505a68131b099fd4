import { randomUUID } from 'node:crypto';
import {
  CreatePartitionCommand,
  CreateTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  type GlueClientConfig,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GlueCatalog } from '../../../functions/adapters/glue-catalog.ts';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { publishNewest, storedCurrentRuns } from '../../../functions/current-runs.ts';
import { followCurrentRun } from '../../../functions/follow-current-run.ts';
import { catalogEntries } from '../../../functions/housekeeping/catalog-entries.ts';
import { encodeJson } from '../../../functions/stage-io.ts';
import { datasetTable } from '../../../shared/catalog/dataset-table.ts';
import { outputKeys } from '../../../shared/contract/keys.ts';
import { hasEmulator, startEmulator } from '../../support/aws-emulator.ts';
import { clientOptions } from '../../support/emulator-process.ts';
import { s3Failure } from '../../support/fake-s3.ts';
import { makeTables } from '../../support/glue-tables.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { recordOf } from '../../support/run-fixture.ts';

const PROPS = { results: 'modemap', data: 'modemap_data', output: 's3://output/' };
const CURRENT = { runId: '00000000000000aa', order: '2026-01-01T00:00:00.000Z', move: 1 };
const definitionOf = (datasetId: string, { move } = CURRENT) =>
  datasetTable(
    recordOf({ datasetId, runId: CURRENT.runId }),
    [{ Name: 'x', Type: 'int' }],
    { ...CURRENT, move },
    PROPS.output,
  );

describe.skipIf(!hasEmulator)('GlueCatalog over an emulator that checks versions', () => {
  let there: GlueClientConfig;
  let client: GlueClient;
  let catalog: GlueCatalog;
  beforeAll(async () => {
    const aws = await startEmulator();
    there = clientOptions(aws);
    client = new GlueClient(there);
    catalog = new GlueCatalog(PROPS, there);
    await makeTables(client, PROPS);
  });

  it('makes a table once', async () => {
    expect(await catalog.readTable('once')).toBeUndefined();
    expect(await catalog.createTable(definitionOf('once'))).toBe(true);
    expect(await catalog.createTable(definitionOf('once'))).toBe(false);
    expect(await catalog.readTable('once')).toMatchObject({ parameters: { 'modemap.move': '1' } });
  });

  it('replaces only the table that was seen: of two who saw the same one, one', async () => {
    await catalog.createTable(definitionOf('contested'));
    const seen = (await catalog.readTable('contested'))!;
    const outcomes = [];
    for (const move of [2, 3]) {
      outcomes.push(await catalog.replaceTable(definitionOf('contested', { ...CURRENT, move }), seen));
    }
    expect(outcomes).toEqual([true, false]);
    expect((await catalog.readTable('contested'))?.parameters['modemap.move']).toBe('2');
  });

  it('adds a run’s partitions once, where its files lie', async () => {
    const run = { datasetId: 'parts', runId: CURRENT.runId };
    await catalog.addPartitions(run);
    await catalog.addPartitions(run);
    for (const table of ['metrics', 'tasks', 'components'] as const) {
      const { Partitions = [] } = await client.send(
        new GetPartitionsCommand({ DatabaseName: PROPS.results, TableName: table }),
      );
      expect(Partitions.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location])).toEqual([
        [['parts', CURRENT.runId], `s3://output/${outputKeys[table](run)}`],
      ]);
    }
  });

  it('drops the partitions of one run, of all runs of a dataset, and its table; what is not there is fine', async () => {
    const of = (datasetId: string, runId: string) => ({ datasetId, runId });
    const left = async () => {
      const { Partitions = [] } = await client.send(
        new GetPartitionsCommand({ DatabaseName: PROPS.results, TableName: 'tasks' }),
      );
      return Partitions.map(({ Values = [] }) => Values.join('/')).filter((name) => name.startsWith('gone'));
    };
    for (const run of [of('gone', 'a'), of('gone', 'b'), of('gone', 'c'), of('gone_not', 'a')])
      await catalog.addPartitions(run);
    await catalog.dropPartitions(of('gone', 'b'));
    expect((await left()).sort()).toEqual(['gone/a', 'gone/c', 'gone_not/a']);
    await catalog.dropPartitions({ datasetId: 'gone' });
    await catalog.dropPartitions({ datasetId: 'gone' });
    expect(await left()).toEqual(['gone_not/a']);
    await catalog.createTable(definitionOf('gone'));
    await catalog.dropTable('gone');
    await catalog.dropTable('gone');
    expect(await catalog.readTable('gone')).toBeUndefined();
  });

  it('moves a table to the run that readers are turned to, and makes none for that', async () => {
    const output = new MemoryStore();
    const currents = storedCurrentRuns(output);
    const entries = catalogEntries(output, currents, catalog);
    const run = { datasetId: 'turned', runId: '00000000000000bb' };
    await output.write(outputKeys.part(run, 0, 0), await parquetBytes('select 1 as x'));
    await output.write(outputKeys.record(run), encodeJson(recordOf(run)));
    await publishNewest({ work: new MemoryStore(), output }, currents, { ...run, order: CURRENT.order });
    await entries.moveTable(run);
    expect(await catalog.readTable('turned')).toBeUndefined();
    await catalog.createTable(definitionOf('turned', { ...CURRENT, move: 0 }));
    await entries.moveTable(run);
    expect((await catalog.readTable('turned'))?.parameters['modemap.run_id']).toBe(run.runId);
  });

  it('lets the newest run win, whatever the order of many commits at the same time', async () => {
    const output = new MemoryStore();
    const stores = { work: new MemoryStore(), output };
    const currents = storedCurrentRuns(output);
    const file = await parquetBytes('select 1 as x');
    const runs = Array.from({ length: 8 }, (_, i) => ({
      datasetId: 'many',
      runId: randomUUID().replaceAll('-', '').slice(0, 16),
      order: `2026-01-01T00:00:0${i}.000Z`,
    }));
    const commits = [5, 2, 7, 0, 6, 1, 4, 3].map(async (i) => {
      await output.write(outputKeys.part(runs[i], 0, 0), file);
      await output.write(outputKeys.record(runs[i]), encodeJson(recordOf(runs[i], { order: runs[i].order })));
      await publishNewest(stores, currents, runs[i]);
      await followCurrentRun(output, currents, catalog, 'many');
    });
    await Promise.all(commits);
    const { Table } = await client.send(new GetTableCommand({ DatabaseName: PROPS.data, Name: 'many' }));
    expect(Table?.StorageDescriptor?.Location).toBe(`s3://output/${outputKeys.data(runs[7], 0)}`);
    expect(Table?.Parameters?.['modemap.run_id']).toBe(runs[7].runId);
  });

  it('says that a database is missing', async () => {
    const astray = new GlueCatalog({ ...PROPS, data: 'elsewhere' }, there);
    await expect(astray.createTable(definitionOf('astray'))).rejects.toMatchObject({
      name: 'StoreRefusedError',
      message: expect.stringMatching(/^table elsewhere\.astray of the Glue catalog cannot be read or changed: Entity/),
    });
  });
});

describe('GlueCatalog', () => {
  const open = () =>
    new GlueCatalog(PROPS, { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
  let mocked: ReturnType<typeof mockClient>;
  beforeEach(() => {
    mocked = mockClient(GlueClient);
  });
  afterEach(() => mocked.restore());

  it.each([
    ['ThrottlingException', 400, 'StoreUnavailableError'],
    ['InternalServiceException', 500, 'StoreUnavailableError'],
    ['OperationTimeoutException', 400, 'StoreUnavailableError'],
    ['AccessDeniedException', 400, 'StoreRefusedError'],
    ['ResourceNumberLimitExceededException', 400, 'StoreRefusedError'],
  ])('says by name whether %s may pass', async (name, status, expected) => {
    mocked.on(CreatePartitionCommand).rejects(s3Failure(name, status));
    await expect(open().addPartitions({ datasetId: 'd', runId: 'r' })).rejects.toMatchObject({
      name: expected,
      message: expect.stringContaining(`table modemap.metrics of the Glue catalog cannot be read or changed: ${name}`),
    });
  });

  it('archives no version of a table, and names the one it saw', async () => {
    mocked.on(UpdateTableCommand).resolves({});
    mocked.on(CreateTableCommand).resolves({});
    expect(await open().replaceTable(definitionOf('d'), { parameters: {}, version: '41' })).toBe(true);
    expect(mocked.commandCalls(UpdateTableCommand)[0].args[0].input).toMatchObject({
      DatabaseName: 'modemap_data',
      VersionId: '41',
      SkipArchive: true,
    });
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { readJson, readJsonLines } from '../../functions/stage-io.ts';
import { makeFreezeInputs } from '../../functions/start/freeze-inputs.ts';
import { STAGES, type Stage, type StageVariables } from '../../shared/contract/environment.ts';
import { outputKeys, type RunReference } from '../../shared/contract/keys.ts';
import { runRecordSchema } from '../../shared/contract/run-record.ts';
import {
  type ExecutionInput,
  type PlanResult,
  planResultSchema,
  type Sweep,
} from '../../shared/contract/stage-events.ts';
import { partitionSchema, reduceGroupSchema } from '../../shared/contract/stages.ts';
import { type EmulatedAws, hasEmulator, startEmulator } from '../support/aws-emulator.ts';
import { digestOf, modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';
import { type Answer, LambdaProcess } from '../support/lambda-process.ts';

const node24 = fileURLToPath(new URL('../../.tools/node_modules/.bin/node', import.meta.url));
const canRun = hasEmulator && existsSync(node24);
if (!existsSync(node24) && !process.env.CI)
  console.warn('skipped: tests that need Node 24; install it with test/support/install-tools.sh');

const BUCKETS = { INPUT_BUCKET: 'input-of-test', WORK_BUCKET: 'work-of-test', OUTPUT_BUCKET: 'output-of-test' };
const ORDER = '2026-01-02T03:04:05.000Z';
/** Every second row is of a mode that a sample of every second row never sees: the table is written twice. */
const MISLEADING = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
const CONFIGURATION = { sampleRows: 12_000, partitionBytes: 40_000 };

const folder = temporaryFolder();
let aws: EmulatedAws;
let client: S3Client;
const processes = new Map<Stage, LambdaProcess>();

/** Each handler alone in a folder, in which nothing else can be found. */
function openHandler(stage: Exclude<Stage, 'start' | 'failed'>): LambdaProcess {
  const own = join(folder, 'alone', stage, 'task');
  cpSync(join(folder, 'built', stage), own, { recursive: true });
  const variables = { POWERTOOLS_SERVICE_NAME: 'modemap-test', MAX_CONCURRENCY: '7', ...BUCKETS };
  return new LambdaProcess(node24, own, { ...aws, ...variables } satisfies StageVariables<'plan' | 'transform'>);
}

async function call<Result>(stage: Exclude<Stage, 'start' | 'failed'>, event: unknown): Promise<Result> {
  const answer = await callFor(stage, event);
  if ('error' in answer) throw new Error(`${stage}: ${answer.error.errorType}: ${answer.error.errorMessage}`);
  expect(answer.bytes, `${stage} answers in little`).toBeLessThan(1000);
  return answer.result as Result;
}

async function callFor(stage: Exclude<Stage, 'start' | 'failed'>, event: unknown): Promise<Answer> {
  const handler = processes.get(stage) ?? openHandler(stage);
  processes.set(stage, handler);
  return handler.invoke(event);
}

const storeOf = (bucket: keyof typeof BUCKETS) => new S3Store({ client, bucket: BUCKETS[bucket] });

/** The state machine's walk, state by state. */
async function execute(input: ExecutionInput): Promise<void> {
  const work = storeOf('WORK_BUCKET');
  const plan = planResultSchema.parse(await call<PlanResult>('plan', input));
  const { dataset, datasetId, runId } = plan;
  const run = { dataset, datasetId, runId };
  const fitAll = async (pass: number) => {
    for (const group of plan.fitGroups) await call('fit', { ...run, pass, group });
    return call<Sweep>('collect', { ...run, pass });
  };
  let sweep = await fitAll(0);
  for (;;) {
    const { pass } = sweep;
    for (const partition of await readJsonLines(work, plan.keys.plan, partitionSchema))
      await call('transform', { ...run, pass, partition });
    for (const group of await readJsonLines(work, plan.keys.groups, reduceGroupSchema))
      await call('reduce', { ...run, pass, group });
    if (pass > 0 || !plan.looksBack) break;
    sweep = await fitAll(1);
    if (!sweep.again) break;
  }
  await call('commit', { ...run, pass: sweep.pass, order: input.order });
}

describe.skipIf(!canRun)('each bundled handler, alone in its folder, on Node 24', () => {
  let run: RunReference;

  beforeAll(async () => {
    execFileSync(process.execPath, [
      fileURLToPath(new URL('../../esbuild.handlers.mjs', import.meta.url)),
      join(folder, 'built'),
    ]);
    aws = await startEmulator();
    client = makeS3Client({
      endpoint: aws.AWS_ENDPOINT_URL,
      region: aws.AWS_REGION,
      credentials: { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY },
    });
    for (const Bucket of Object.values(BUCKETS)) await client.send(new CreateBucketCommand({ Bucket }));
    await dropTable();
    const stores = { input: storeOf('INPUT_BUCKET'), work: storeOf('WORK_BUCKET') };
    run = await makeFreezeInputs(stores)({ dataset: 'table', root: 'table/', order: ORDER, memoryBytes: 1_769e6 });
  });

  afterAll(() => {
    for (const process of processes.values()) process.close();
    client?.destroy();
  });

  it('does its stage: together they write the bytes that one command writes here, in two passes', async () => {
    const { datasetId, runId } = run;
    await execute({
      dataset: 'table',
      datasetId,
      runId,
      order: ORDER,
      committed: false,
      sweep: { pass: 0, again: false },
    });
    const record = await readJson(storeOf('OUTPUT_BUCKET'), outputKeys.record(run), runRecordSchema);
    expect(record).toMatchObject({
      passes: 2,
      rows: 24_000,
      status: 'complete',
      audit: [{ name: 'x', misled: true }, {}],
    });
    expect(record.partitions).toBeGreaterThan(3);

    const { status, stderr, stdout } = modemap('run', join(folder, 'table'), '--out', join(folder, 'here'), '--json');
    expect(status, stderr).toBe(0);
    const local = JSON.parse(stdout).run_id;
    const here = digestOf(join(folder, 'here'));
    await download(join(folder, 'there'));
    const there = digestOf(join(folder, 'there'));
    const expected = Object.fromEntries(Object.entries(here).map(([key, sha]) => [key.replaceAll(local, runId), sha]));
    expect(there).toEqual(expected);
  });

  it('answers with the name by which the state machine retries', async () => {
    const stores = { input: storeOf('INPUT_BUCKET'), work: storeOf('WORK_BUCKET') };
    const { datasetId, runId } = await makeFreezeInputs(stores)({
      dataset: 'nothing',
      root: 'nothing/',
      order: ORDER,
      memoryBytes: 1e9,
    });
    const input = {
      dataset: 'nothing',
      datasetId,
      runId,
      order: ORDER,
      committed: false,
      sweep: { pass: 0, again: false },
    };
    expect(await callFor('plan', input)).toMatchObject({
      error: { errorType: 'UnreadableInputError', errorMessage: expect.stringMatching(/^nothing must hold/) },
    });
  });

  it('needs little room and starts soon', () => {
    for (const [stage, { output }] of processes) {
      const own = join(folder, 'alone', stage, 'task');
      const bytes = readdirSync(own).reduce((sum, name) => sum + statSync(join(own, name)).size, 0);
      const [, importMs] = /"importMs":([\d.]+)/.exec(output) ?? [];
      console.info(`${stage}: ${(bytes / 1e6).toFixed(1)} MB unzipped, imported in ${Number(importMs).toFixed(0)} ms`);
      expect(bytes).toBeLessThan(30e6);
      expect(Number(importMs)).toBeGreaterThan(0);
    }
    expect([...processes.keys()]).toEqual(STAGES.filter((stage) => stage !== 'start' && stage !== 'failed'));
  });

  it('logs by run and partition, and keeps dimensions few', () => {
    const lines = processes
      .get('transform')!
      .output.split('\n')
      .filter((line) => line.startsWith('{'));
    const documents = lines.map((line) => JSON.parse(line));
    const done = documents.filter(({ message }) => message === 'done');
    expect(done[0]).toMatchObject({
      service: 'modemap-test',
      dataset: 'table',
      runId: run.runId,
      pass: 0,
      partition: expect.any(Number),
    });
    const metrics = documents.filter((document) => '_aws' in document);
    const counted = done.filter(({ dataset }) => dataset === 'table').length;
    expect(metrics.length).toBe(counted);
    for (const { _aws } of metrics) {
      expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([['service'], ['service', 'dataset']]);
    }
    expect(processes.get('transform')!.output).not.toContain('slices');
  });
});

async function dropTable(): Promise<void> {
  const input = join(folder, 'table');
  mkdirSync(join(input, 'day=2'), { recursive: true });
  mkdirSync(join(input, 'day=1'), { recursive: true });
  const columns = `(${MISLEADING})::double as x, (hash(i) % 4000) / 8 as y, 'a' || i % 50 as s`;
  await writeParquetFile(
    join(input, 'day=1/a.parquet'),
    `select ${columns} from range(16000) t(i)`,
    'row_group_size 4000',
  );
  await writeParquetFile(join(input, 'day=2/b.parquet'), `select ${columns} from range(8000) t(i)`);
  writeFileSync(join(input, '_modemap.json'), JSON.stringify(CONFIGURATION));
  const store = storeOf('INPUT_BUCKET');
  for (const key of ['day=1/a.parquet', 'day=2/b.parquet', '_modemap.json'])
    await store.write(`table/${key}`, readFileSync(join(input, key)));
}

async function download(to: string): Promise<void> {
  const store = storeOf('OUTPUT_BUCKET');
  for await (const { key } of store.list('')) {
    mkdirSync(join(to, key, '..'), { recursive: true });
    writeFileSync(join(to, key), await store.read(key));
  }
}

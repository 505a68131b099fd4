import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { executionName } from '../../shared/contract/execution-name.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { type EmulatedAws, hasEmulator, startEmulator } from '../support/aws-emulator.ts';
import { modemap } from '../support/command.ts';
import { MemoryHouse, type ReadyRun, readyRuns } from '../support/memory-house.ts';

const DAY_MS = 24 * 3_600_000;
const OUTPUT = 's3://output-of-test';

let aws: EmulatedAws;
let client: S3Client;
let sfn: SFNClient;
let runs: ReadyRun[];
let flags: string[];
const environment = { ...process.env };

/** Both buckets keep versions; three runs, the oldest first, of which the last is the current one. */
async function furnish(): Promise<void> {
  const house = new MemoryHouse();
  house.time = Date.now() - 10 * DAY_MS;
  for (const run of runs) {
    await house.drop(run);
    house.time += 2 * DAY_MS;
  }
  for (const room of ['work', 'output'] as const) {
    const store = new S3Store({ client, bucket: `${room}-of-test` });
    for await (const { key } of house[room].list('')) await store.write(key, await house[room].read(key));
  }
}

async function versionsOf(bucket: string) {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  return { objects: Versions.map(({ Key = '' }) => Key), marks: DeleteMarkers.map(({ Key = '' }) => Key) };
}

const list = () => JSON.parse(modemap('list', OUTPUT, '--json').stdout) as (RunRecord & { current: boolean })[];

describe.skipIf(!hasEmulator && !process.env.CI)('order in buckets with versions', () => {
  beforeAll(async () => {
    initialiseParquetWasm();
    aws = await startEmulator();
    Object.assign(process.env, aws);
    const credentials = { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY };
    const there = { endpoint: aws.AWS_ENDPOINT_URL, region: aws.AWS_REGION, credentials };
    client = makeS3Client(there);
    sfn = new SFNClient(there);
    for (const Bucket of ['work-of-test', 'output-of-test']) {
      await client.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    const definition = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } } };
    const { stateMachineArn = '' } = await sfn.send(
      new CreateStateMachineCommand({
        name: 'modemap',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::000000000000:role/modemap',
      }),
    );
    flags = ['--out', OUTPUT, '--work', 's3://work-of-test', '--state-machine', stateMachineArn];
    runs = await readyRuns('table', 3);
    await furnish();
  }, 120_000);

  afterAll(() => {
    for (const name of Object.keys(aws ?? {})) delete process.env[name];
    Object.assign(process.env, environment);
  });

  it('lists the runs and says which one is current', () => {
    expect(list().map(({ run_id, current }) => [run_id, current])).toEqual(
      [...runs].reverse().map(({ runId }, i) => [runId, i === 0]),
    );
  });

  it('refuses to change what it knows only a part of', () => {
    const { status, stderr } = modemap('forget', 'table', '--out', OUTPUT, '--yes');
    expect([status, stderr]).toEqual([1, expect.stringContaining('--work s3://BUCKET must be given with s3://output')]);
    expect(modemap('forget', 'table', '--out', 'out', '--work', 's3://b', '--yes').stderr).toContain(
      '--work goes with an output in s3://',
    );
  });

  it('refuses to forget what a run is under way of', async () => {
    const stateMachineArn = flags.at(-1);
    const name = executionName(runs[2], 1);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
    const refused = modemap('forget', 'table', ...flags, '--yes');
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect([refused.status, refused.stderr]).toEqual([
      1,
      `modemap: what is to be forgotten must be at rest, run ${runs[2].runId} of table is under way; wait for it, or stop it first\n`,
    ]);
    expect(list()).toHaveLength(3);
  });

  it('prunes so that what went can still be had back, and forgets it for good', async () => {
    // the emulator has taken every move of the pointer just now: for each run but the oldest, readers left it just now
    const young = JSON.parse(modemap('prune', 'table', '--keep', '1', ...flags, '--dry-run', '--json').stdout);
    expect(young.goes).toEqual([]);
    for await (const { key } of new S3Store({ client, bucket: 'output-of-test' }).list(outputKeys.currentOf('table'))) {
      if (!key.endsWith('3.json')) await new S3Store({ client, bucket: 'output-of-test' }).remove(key);
    }
    const { stdout } = modemap('prune', 'table', '--keep', '2', ...flags, '--json');
    expect(JSON.parse(stdout).goes).toMatchObject([{ run_id: runs[0].runId }]);
    expect(list()).toHaveLength(2);
    const pruned = await versionsOf('output-of-test');
    expect(pruned.objects.some((key) => key.includes(runs[0].runId))).toBe(true);
    expect(pruned.marks.some((key) => key.includes(runs[0].runId))).toBe(true);

    const forgotten = modemap('forget', `table/${runs[0].runId}`, ...flags, '--yes');
    expect(forgotten.status, forgotten.stderr).toBe(0);
    for (const bucket of ['output-of-test', 'work-of-test']) {
      const { objects, marks } = await versionsOf(bucket);
      expect([...objects, ...marks].filter((key) => key.includes(runs[0].runId))).toEqual([]);
    }
    expect(list()).toHaveLength(2);
  });

  it('turns readers to the newest of the rest when the current run is forgotten', () => {
    const { status, stderr } = modemap('forget', runs[2].runId, ...flags, '--yes');
    expect(status, stderr).toBe(0);
    expect(list().map(({ run_id, current }) => [run_id, current])).toEqual([[runs[1].runId, true]]);
  });

  it('leaves no version of a dataset that is forgotten', async () => {
    const { status, stderr } = modemap('forget', 'table', ...flags, '--yes');
    expect(status, stderr).toBe(0);
    for (const bucket of ['output-of-test', 'work-of-test']) {
      expect(await versionsOf(bucket)).toEqual({ objects: [], marks: [] });
    }
  });
});

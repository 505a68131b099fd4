import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3Store } from '../../../functions/adapters/s3-store.ts';
import { outputKeys } from '../../../shared/contract/keys.ts';
import { runRecordSchema } from '../../../shared/contract/run-record.ts';
import { type EmulatedAws, hasEmulator, startEmulator } from '../../support/aws-emulator.ts';
import { temporaryFolder } from '../../support/command.ts';
import { BUCKETS, deploySmallStack } from '../../support/deployed-stack.ts';
import { clientOptions } from '../../support/emulator-process.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';

const command = fileURLToPath(new URL('../../../dist/cli/modemap.js', import.meta.url));
const TRIPS = `s3://${BUCKETS.INPUT_BUCKET}/trips`;
const CONFIGURATION = { fit: 'sample', partitionBytes: 40_000 };

describe.skipIf(!hasEmulator)('the command meets a deployed stack', { timeout: 180_000 }, () => {
  const folder = temporaryFolder();
  let aws: EmulatedAws;
  let store: (bucket: keyof typeof BUCKETS) => S3Store;

  beforeAll(async () => {
    aws = await startEmulator();
    await deploySmallStack(aws, folder);
    const client = makeS3Client(clientOptions(aws));
    store = (bucket) => new S3Store({ client, bucket: BUCKETS[bucket] });
    const input = store('INPUT_BUCKET');
    const rows = (n: number) => parquetBytes(`select (hash(i) % 5000) / 7.0 as x, 'a' || i as s from range(${n}) t(i)`);
    await input.write('trips/a.parquet', await rows(9_000));
    await input.write('trips/b.parquet', await rows(6_000));
    await input.write('trips/_modemap.json', Buffer.from(JSON.stringify(CONFIGURATION)));
    await input.write('broken/a.parquet', Buffer.from('PAR1 is not all there is to it'));
  }, 180_000);

  function start(args: string[], more: Record<string, string> = {}) {
    const env = { ...process.env, ...aws, ...more };
    return spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async function run(args: string[], more?: Record<string, string>) {
    const child = start(args, more);
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    return { status, stdout, stderr };
  }

  it('knows of a dataset that was never run, and whether files of it wait', async () => {
    const none = '\n\nreaders get nothing: no run of it is committed\n';
    const { status, stdout, stderr } = await run(['status', TRIPS]);
    expect(status, stderr).toBe(0);
    expect(stdout).toBe(
      `trips: files wait; a run starts when no more come for settleSeconds, or on _SUCCESS, or at once: modemap run ${TRIPS}${none}`,
    );
    const other = await run(['status', `s3://${BUCKETS.INPUT_BUCKET}/other`]);
    expect(other.stdout).toBe(`other: no run was asked for yet: modemap run s3://${BUCKETS.INPUT_BUCKET}/other${none}`);
  });

  it('starts a run; a signal ends the watching, not the run, which status follows to its record', async () => {
    const child = start(['run', TRIPS]);
    let said = '';
    child.stderr.on('data', (piece) => {
      said += piece;
      if (!child.killed && said.includes('started: run ')) child.kill('SIGINT');
    });
    const [code] = await once(child, 'exit');
    expect(said).toContain(`the run goes on without you; follow it again: modemap status ${TRIPS} --follow\n`);
    expect(code).toBe(130);

    const joined = await run(['run', TRIPS, '--quiet']);
    expect(joined).toEqual({ status: 0, stdout: '', stderr: '' });

    const followed = await run(['status', TRIPS, '--follow', '--json']);
    expect(followed.status, followed.stderr).toBe(0);
    const record = runRecordSchema.parse(JSON.parse(followed.stdout));
    expect(record).toMatchObject({ dataset: 'trips', rows: 15_000, status: 'complete', passes: 1 });
    expect(
      await store('OUTPUT_BUCKET').head(outputKeys.record({ datasetId: 'trips', runId: record.run_id })),
    ).toBeDefined();
  });

  it('finds a committed run done, and says what readers get', async () => {
    const again = await run(['run', TRIPS]);
    expect(again.status, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/^nothing to do, it is committed: run [0-9a-f]{16} of trips, execution trips-/);
    expect(again.stdout).toContain('trips: 15,000 rows of 2 files');
    expect(again.stdout).toContain(`next     modemap query ${TRIPS} `);

    const { stdout } = await run(['status', TRIPS]);
    expect(stdout).toMatch(/^trips: committed after \d+ s\nrun {8}[^\n]+\nexecution {2}trips-[0-9a-f]{16}-1\n/);
    expect(stdout).toMatch(/transform {2}pass 0: (\d+) of \1 done\nreduce {5}pass 0: 1 of 1 done\n/);
    expect(stdout).toContain('15,000 rows of 2 objects');
    expect(stdout).toMatch(/\nx +\d+ /);

    const status = JSON.parse((await run(['status', TRIPS, '--json'])).stdout);
    expect(status.last.runId).toBe(status.current.run_id);
    expect(status.last.execution).toMatchObject({
      status: 'SUCCEEDED',
      maps: [{ label: 'transform' }, { label: 'reduce' }],
    });
  });

  it('ends with the reason where the run fails, and status says it again', async () => {
    const broken = `s3://${BUCKETS.INPUT_BUCKET}/broken`;
    const { status, stdout, stderr } = await run(['run', broken]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/\nmodemap: [^\n]*broken\/a\.parquet[^\n]*\n$/);
    const later = await run(['status', broken]);
    expect(later.stdout).toMatch(/^broken: FAILED after \d+ s\n/);
    expect(later.stdout).toMatch(/reason {5}[^\n]*broken\/a\.parquet/);
  });

  it('says in a line what is wrong with the place or the stack', async () => {
    const complaint = async (...args: string[]) => {
      const { status, stderr } = await run(args);
      expect(status).toBe(1);
      return stderr;
    };
    expect(await complaint('run', TRIPS, '--stack', 'none')).toBe(
      'modemap: stack none must be deployed in us-east-1, it is not there; deploy it (npx cdk deploy), set AWS_REGION, or name another with --stack\n',
    );
    expect(await complaint('run', 's3://elsewhere/trips')).toMatch(
      /^modemap: INPUT must lie in the input bucket of stack modemap, s3:\/\/input-of-stack, got s3:\/\/elsewhere\/trips; /,
    );
    expect(await complaint('status', `${TRIPS}/day=1`)).toMatch(
      /^modemap: INPUT must be a dataset, a first-level folder/,
    );
  });

  it('queries without a catalog by DuckDB: the current run of a dataset, an output root, a record', async () => {
    const { status, stdout, stderr } = await run(['query', TRIPS, 'select count(*) as n from data', '--json']);
    expect(status, stderr).toBe(0);
    expect(stdout).toBe('[{"n":15000}]\n');
    const output = `s3://${BUCKETS.OUTPUT_BUCKET}`;
    const components = await run(['query', output, 'select count(*) > 1 as several from components', '--csv']);
    expect(components.stdout).toBe('several\ntrue\n');
    const none = await run(['query', `${output}/runs/dataset=none`, 'select 1 from run']);
    expect(none).toMatchObject({ status: 1, stderr: expect.stringMatching(/^modemap: no committed run in s3:/) });
    const wrong = await run(['query', TRIPS, 'select nothing from run']);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/^modemap: SQL: Binder Error: .*nothing/) });
  });
});

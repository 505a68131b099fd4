import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { askAws } from '../../../cli/cloud/aws-errors.ts';
import { runError } from '../../../cli/cloud/run-failure.ts';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { encodeJson } from '../../../functions/stage-io.ts';
import type { FailureReport } from '../../../shared/contract/failure.ts';
import { workKeys } from '../../../shared/contract/keys.ts';

const command = fileURLToPath(new URL('../../../dist/cli/modemap.js', import.meta.url));

/** The built command with nothing of this machine's AWS. */
function modemap(args: string[], env: Record<string, string> = {}) {
  const nothing = { PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    env: { ...nothing, ...env },
  });
  return { status, stdout, stderr };
}

const KEYS = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
const REGION = { AWS_REGION: 'eu-west-1' };

describe('refused in one line', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['no Region', ['run', 's3://input/trips'], KEYS, 'an AWS Region must be set, none is; set AWS_REGION'],
    ['no credentials', ['run', 's3://input/trips'], REGION, 'AWS credentials must be configured, none can be used'],
    ['no credentials', ['status', 's3://input/trips'], REGION, 'AWS credentials must be configured'],
    ['no credentials', ['query', 's3://input/trips', 'select 1'], REGION, 'AWS credentials must be configured'],
    ['no bucket', ['query', 's3://', 'select 1'], {}, 'RUN must be s3://BUCKET/KEY, got s3://'],
    ['no bucket', ['run', 's3://Not_A_Bucket/x'], {}, 'INPUT must be s3://BUCKET/KEY, got s3://Not_A_Bucket/x'],
    ['a local input', ['status', 'data'], {}, 'INPUT must be s3://BUCKET/DATASET, got data'],
    [
      'a flag of local runs',
      ['run', 's3://input/trips', '--out', 'x'],
      {},
      '--out must be left out with s3://input/trips',
    ],
    [
      'a configuration',
      ['run', 's3://input/trips', '--seed', '1'],
      {},
      '--seed must be left out with s3://input/trips',
    ],
    ['a stack on this machine', ['run', 'a', '--out', 'b', '--stack', 'c'], {}, '--stack must be left out with a'],
  ])('%s: %j', (_, args, env, message) => {
    const { status, stdout, stderr } = modemap(args, env);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modemap: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});

describe('askAws', () => {
  const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));

  it.each([
    ['AccessDenied', 'no right', 'describing it must be allowed to these credentials: AccessDenied: no right'],
    ['AccessDeniedException', 'no', 'describing it must be allowed to these credentials: AccessDeniedException: no'],
    ['ExpiredToken', 'old', 'AWS credentials must be valid, AWS refuses them: ExpiredToken: old; renew them'],
    ['Throttling', 'slow', 'describing it: AWS must answer, got Throttling: slow'],
  ])('says of %s what is to be done', async (name, message, expected) => {
    await expect(askAws('describing it', failing(name, message))).rejects.toThrow(expected);
  });

  it('passes on what is a defect', async () => {
    const defect = new TypeError('x is not a function');
    await expect(askAws('it', () => Promise.reject(defect))).rejects.toBe(defect);
  });
});

describe('runError', () => {
  const run = { datasetId: 'trips', runId: '0123456789abcdef', name: 'trips-1', executionArn: 'arn:1' };
  const view = { status: 'FAILED' as const, startedAt: 0, stoppedAt: 1, maps: [] };
  const map = { label: 'transform', pass: 0, isRunning: false, total: 2, done: 1, failed: 1 };

  it("is the stage's own error where a stage has failed", async () => {
    const cause = JSON.stringify({ errorType: 'ConfigurationError', errorMessage: 'seed must be a number', trace: [] });
    const error = await runError(new MemoryStore(), run, { ...view, error: 'ConfigurationError', cause });
    expect([error.name, error.message]).toEqual(['ConfigurationError', 'seed must be a number']);
  });

  it('says that it was stopped', async () => {
    const error = await runError(new MemoryStore(), run, {
      ...view,
      status: 'ABORTED',
      error: undefined,
      cause: undefined,
    });
    expect(error.message).toBe(
      'run 0123456789abcdef has failed: it was stopped; mend it and run again, or redrive execution trips-1',
    );
  });

  it('names partition, object and reason from the report where a map has failed', async () => {
    const work = new MemoryStore();
    const report: FailureReport = {
      format: 'modemap-failure',
      version: 1,
      dataset: 'trips',
      ...{ datasetId: run.datasetId, runId: run.runId, execution: run.name, executionArn: run.executionArn },
      status: 'FAILED',
      stopDate: 1,
      error: 'States.ExceedToleratedFailureThreshold',
      cause: null,
      superseded: false,
      pass: 0,
      plannedPartitions: 2,
      partitions: [{ partition: 1, firstObject: 'b.parquet', reason: 'row group 0 must decode' }],
    };
    await work.write(workKeys.failure(run), encodeJson(report));
    const failed = { ...view, maps: [map], error: report.error ?? '', cause: undefined };
    expect((await runError(work, run, failed)).message).toContain(
      '1 of 2 partitions are missing, the first is 1 (b.parquet): row group 0 must decode; ',
    );
  });
});

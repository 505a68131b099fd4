import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StageVariables } from '../../../shared/contract/environment.ts';

const VARIABLES: StageVariables<'start'> = {
  POWERTOOLS_SERVICE_NAME: 'modemap',
  INPUT_BUCKET: 'the-input',
  WORK_BUCKET: 'the-work',
  OUTPUT_BUCKET: 'the-output',
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/q',
  STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:modemap',
  SETTLE_SECONDS: '60',
  SETTLE_MAX_SECONDS: '3600',
  TRANSFORM_MEMORY_MB: '1769',
};
const CONTEXT = { awsRequestId: '1', functionName: 'start' } as Context;

async function load(changes: Partial<Record<keyof typeof VARIABLES, string>> = {}) {
  vi.resetModules();
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  for (const [name, value] of Object.entries({ ...VARIABLES, ...changes })) vi.stubEnv(name, value);
  const { handler } = await import('../../../functions/start/handler.ts');
  return handler;
}
afterEach(() => vi.unstubAllEnvs());

describe('the start function', () => {
  it('reports each message that it cannot read, and is done with those that ask for nothing', async () => {
    const handler = await load();
    const deleted = {
      source: 'aws.s3',
      'detail-type': 'Object Deleted',
      time: '2026-03-01T00:00:00Z',
      detail: { bucket: { name: 'the-input' }, object: { key: 'd/a.parquet' } },
    };
    const bodies = ['no JSON', JSON.stringify(deleted), '{}'];
    const Records = bodies.map((body, i) => ({ messageId: `m${i}`, body }));
    expect(await handler({ Records }, CONTEXT)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm2' }],
    });
  });

  it('tells a caller by the error’s name what is wrong with the call', async () => {
    const handler = await load();
    await expect(handler({ dataset: 'a/b' }, CONTEXT)).rejects.toMatchObject({ name: 'ConfigurationError' });
    await expect(handler({ dataset: 7 }, CONTEXT)).rejects.toThrow();
    await expect(handler({}, CONTEXT)).rejects.toThrow();
  });

  it('does not load without what it has to be told', async () => {
    await expect(load({ SETTLE_SECONDS: '900' })).rejects.toThrow(
      'environment variable SETTLE_SECONDS of the start function: must be an integer 0..899, got "900"',
    );
  });
});

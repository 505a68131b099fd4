import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { lambdaHandler } from '../../../functions/adapters/lambda-handler.ts';
import { InputChangedError } from '../../../shared/contract/errors.ts';
import { METRICS } from '../../../shared/contract/observed.ts';

const schema = z.object({
  datasetId: z.string(),
  runId: z.string(),
  partition: z.object({ partition: z.number(), secret: z.string().optional() }),
});
const EVENT = { datasetId: 'd', runId: 'r', partition: { partition: 7, secret: 'cell value' }, more: 'state' };
const CONTEXT = { awsRequestId: 'request', functionName: 'f', memoryLimitInMB: '128' } as Context;

let printed: string[];
beforeEach(() => {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'service-of-test');
  printed = [];
  const keep = (line: string | Uint8Array) => printed.push(String(line)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
const documents = () => printed.map((line) => JSON.parse(line));

describe('a handler', () => {
  it('passes its event on without what the stage does not know, and the result back', async () => {
    const handler = lambdaHandler(schema, async (event) => event);
    const { more, ...known } = EVENT;
    expect(await handler(EVENT, CONTEXT)).toEqual(known);
  });

  it('logs run and partition, and nothing else of the event', async () => {
    await lambdaHandler(schema, async () => 0)(EVENT, CONTEXT);
    expect(documents()).toMatchObject([
      { level: 'INFO', message: 'done', service: 'service-of-test', dataset: 'd', runId: 'r', partition: 7 },
    ]);
    expect(printed.join('')).not.toMatch(/cell value|state/);
  });

  it('forgets one event before the next', async () => {
    const handler = lambdaHandler(z.object({ datasetId: z.string(), group: z.number().optional() }), async () => 0);
    await handler({ datasetId: 'd', group: 3 }, CONTEXT);
    await handler({ datasetId: 'e' }, CONTEXT);
    const [first, second] = documents();
    expect([first.dataset, first.group, second.dataset]).toEqual(['d', 3, 'e']);
    expect('group' in second).toBe(false);
  });

  it('passes an error on as it is, logged with its name and its run', async () => {
    const error = new InputChangedError('k changed');
    const handler = lambdaHandler(schema, () => Promise.reject(error));
    await expect(handler(EVENT, CONTEXT)).rejects.toBe(error);
    expect(documents()).toMatchObject([
      { level: 'ERROR', runId: 'r', partition: 7, error: { name: 'InputChangedError', message: 'k changed' } },
    ]);
  });

  it('refuses an event that is none of the state machine, naming the field, not its value', async () => {
    const handler = lambdaHandler(schema, async () => 0);
    await expect(handler({ ...EVENT, partition: { partition: 'secret' } }, CONTEXT)).rejects.toThrow(
      /^event field partition.partition: (?!.*secret)/,
    );
  });
});

describe('a process that has been poisoned', () => {
  it('ends only after the answer, and only then', async () => {
    vi.useFakeTimers();
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const fail = () => Promise.reject(new Error('panic'));
    await expect(lambdaHandler(schema, fail, { isPoisoned: () => false })(EVENT, CONTEXT)).rejects.toThrow('panic');
    vi.runAllTimers();
    expect(exit).not.toHaveBeenCalled();
    await expect(lambdaHandler(schema, fail, { isPoisoned: () => true })(EVENT, CONTEXT)).rejects.toThrow('panic');
    expect(exit).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
    vi.useRealTimers();
  });
});

describe('metrics', () => {
  it('are published of the service and of the dataset; the run is a property, never a dimension', async () => {
    const handler = lambdaHandler(schema, async ({ datasetId, runId }, { metrics }) => {
      metrics.publish({ datasetId, runId }, { [METRICS.failedRuns]: 1, [METRICS.rowsTransformed]: 20 });
      metrics.publish({ datasetId: 'other', runId }, { [METRICS.failedRuns]: 1 });
    });
    await handler(EVENT, CONTEXT);
    const [first, second] = documents();
    expect(first).toMatchObject({
      service: 'service-of-test',
      dataset: 'd',
      runId: 'r',
      FailedRuns: 1,
      RowsTransformed: 20,
    });
    for (const { _aws } of [first, second]) {
      const [{ Namespace, Dimensions }] = _aws.CloudWatchMetrics;
      expect([Namespace, Dimensions]).toEqual(['modemap', [['service'], ['service', 'dataset']]]);
    }
    expect([second.dataset, 'RowsTransformed' in second]).toEqual(['other', false]);
  });
});

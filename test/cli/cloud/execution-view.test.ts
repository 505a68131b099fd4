import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  type MapRunItemCounts,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { watchExecution } from '../../../cli/cloud/execution-view.ts';
import { stageText } from '../../../cli/cloud/run-stage.ts';

const client = new SFNClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
const sfn = mockClient(client);
const arn = (label: string, id: number) => `arn:aws:states:eu-west-1:1:mapRun:modemap/${label}:${id}`;
const none: MapRunItemCounts = {
  pending: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total: 0,
  resultsWritten: 0,
};

/** Map runs as AWS lists them, the newest first; each with what describing it says. */
function given(
  maps: { label: string; status: 'RUNNING' | 'SUCCEEDED' | 'FAILED'; counts: Partial<MapRunItemCounts> }[],
) {
  sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', startDate: new Date(1000) });
  const listed = maps.map(({ label }, i) => ({
    executionArn: 'e',
    stateMachineArn: 's',
    mapRunArn: arn(label, i),
    startDate: new Date(2000 + i),
  }));
  const newest = listed.toReversed();
  sfn.on(ListMapRunsCommand).resolves({ mapRuns: newest.slice(0, 1), nextToken: 'more' });
  sfn.on(ListMapRunsCommand, { nextToken: 'more' }).resolves({ mapRuns: newest.slice(1) });
  for (const [i, { label, status, counts }] of maps.entries()) {
    sfn
      .on(DescribeMapRunCommand, { mapRunArn: arn(label, i) })
      .resolves({ status, itemCounts: { ...none, ...counts } });
  }
}

describe('watchExecution', () => {
  beforeEach(() => sfn.reset());

  it('orders map runs as they began, over pages, and counts passes by label', async () => {
    given([
      { label: 'transform', status: 'SUCCEEDED', counts: { total: 4, succeeded: 4 } },
      { label: 'reduce', status: 'SUCCEEDED', counts: { total: 1, succeeded: 1 } },
      { label: 'transform', status: 'RUNNING', counts: { total: 4, succeeded: 1, failed: 1, timedOut: 1, running: 1 } },
    ]);
    const view = await watchExecution(client, 'e')();
    expect(view).toMatchObject({ status: 'RUNNING', startedAt: 1000, stoppedAt: undefined });
    expect(view.maps.map(({ label, pass, done, failed }) => [label, pass, done, failed])).toEqual([
      ['transform', 0, 4, 0],
      ['reduce', 0, 1, 0],
      ['transform', 1, 1, 2],
    ]);
    expect(stageText(view)).toBe('transforming again, by the better model: 1 of 4 done, 2 failed');
  });

  it('describes a map run that has succeeded once, one that runs or failed every time', async () => {
    given([
      { label: 'transform', status: 'SUCCEEDED', counts: { total: 4, succeeded: 4 } },
      { label: 'reduce', status: 'FAILED', counts: { total: 1, failed: 1 } },
    ]);
    const look = watchExecution(client, 'e');
    for (let i = 0; i < 3; i++) await look();
    const described = sfn.commandCalls(DescribeMapRunCommand).map(({ args }) => args[0].input.mapRunArn);
    expect(described.filter((name) => name === arn('transform', 0))).toHaveLength(1);
    expect(described.filter((name) => name === arn('reduce', 1))).toHaveLength(3);
  });

  it('says what comes between the maps', async () => {
    const words = async (...labels: string[]) => {
      given(labels.map((label) => ({ label, status: 'SUCCEEDED', counts: {} })));
      return stageText(await watchExecution(client, 'e')());
    };
    sfn.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' }).on(ListMapRunsCommand).resolves({ mapRuns: [] });
    expect(stageText(await watchExecution(client, 'e')())).toBe('planning, fitting to the sample');
    expect(await words('transform')).toBe('merging summaries');
    expect(await words('transform', 'reduce')).toBe('looking back, committing');
  });

  it('knows an execution that waits for its redrive as one that is under way', async () => {
    sfn.on(DescribeExecutionCommand).resolves({ status: 'PENDING_REDRIVE' }).on(ListMapRunsCommand).resolves({});
    expect((await watchExecution(client, 'e')()).status).toBe('RUNNING');
  });
});

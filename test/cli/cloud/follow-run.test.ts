import { DescribeExecutionCommand, ListMapRunsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../../cli/cloud/execution-view.ts';
import { followRun } from '../../../cli/cloud/follow-run.ts';
import { silentDisplay } from '../../../cli/cloud/progress-display.ts';
import { StoreUnavailableError } from '../../../shared/contract/errors.ts';

const client = new SFNClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
const sfn = mockClient(client);
const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

describe('followRun', () => {
  beforeEach(() => {
    sfn.reset();
    sfn.on(ListMapRunsCommand).resolves({ mapRuns: [] });
  });

  it('shows every look until the execution has ended', async () => {
    sfn
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'RUNNING' })
      .resolvesOnce({ status: 'RUNNING' })
      .resolves({ status: 'FAILED', error: 'E', cause: 'c' });
    const shown: ExecutionView[] = [];
    const view = await followRun(client, 'e', { ...silentDisplay, show: (seen) => shown.push(seen) }, 0);
    expect(view).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c' });
    expect(shown.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('outlasts looks that AWS does not answer, but not for ever', async () => {
    const answers = sfn.on(DescribeExecutionCommand);
    for (let i = 0; i < 10; i++) answers.rejectsOnce(throttled);
    answers.resolves({ status: 'SUCCEEDED' });
    expect((await followRun(client, 'e', silentDisplay, 0)).status).toBe('SUCCEEDED');
    sfn.on(DescribeExecutionCommand).rejects(throttled);
    await expect(followRun(client, 'e', silentDisplay, 0)).rejects.toThrow(StoreUnavailableError);
  });

  it('ends at once where it may not look', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    sfn.on(DescribeExecutionCommand).rejects(denied);
    await expect(followRun(client, 'e', silentDisplay, 0)).rejects.toThrow('watching e must be allowed');
    expect(sfn.commandCalls(DescribeExecutionCommand)).toHaveLength(1);
  });
});

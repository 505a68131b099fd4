import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SfnExecutions } from '../../../functions/adapters/sfn-executions.ts';

const stateMachineArn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:modemap';
const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:modemap:d-1';
const client = new SFNClient({ region: 'eu-west-1' });
const mock = mockClient(client);
const executions = new SfnExecutions(stateMachineArn, client);
const failure = (name: string) => Object.assign(new Error(name), { name });
beforeEach(() => mock.reset());

describe('SfnExecutions', () => {
  it('knows the ARN of an execution by its name', () => {
    expect(executions.arnOf('d-1')).toBe(executionArn);
  });

  it('describes an execution, and knows of none', async () => {
    const stopDate = new Date('2026-03-01T00:00:00.123Z');
    mock
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'FAILED', stopDate })
      .resolvesOnce({ status: 'RUNNING' })
      .rejectsOnce(failure('ExecutionDoesNotExist'));
    expect(await executions.describe('d-1')).toEqual({ status: 'FAILED', stopped: stopDate.getTime() });
    expect(await executions.describe('d-1')).toEqual({ status: 'RUNNING', stopped: undefined });
    expect(await executions.describe('d-1')).toBeUndefined();
    expect(mock.commandCalls(DescribeExecutionCommand)[0].args[0].input).toEqual({ executionArn });
  });

  it('starts an execution under its name, and says where the name is taken', async () => {
    mock.on(StartExecutionCommand).resolvesOnce({ executionArn }).rejectsOnce(failure('ExecutionAlreadyExists'));
    expect(await executions.start('d-1', '{}')).toBe('started');
    expect(await executions.start('d-1', '{}')).toBe('exists');
    const [call] = mock.commandCalls(StartExecutionCommand);
    expect(call.args[0].input).toEqual({ stateMachineArn, name: 'd-1', input: '{}' });
  });

  it('passes every other error on: the message comes again', async () => {
    mock.on(StartExecutionCommand).rejects(failure('ExecutionLimitExceeded'));
    mock.on(DescribeExecutionCommand).rejects(failure('ThrottlingException'));
    await expect(executions.start('d-1', '{}')).rejects.toThrow('ExecutionLimitExceeded');
    await expect(executions.describe('d-1')).rejects.toThrow('ThrottlingException');
  });

  it('knows the runs of a dataset that may still write, of all pages, and of no other dataset', async () => {
    const listed = (...names: string[]) => names.map((name) => ({ name })) as never;
    mock
      .on(ListExecutionsCommand, { stateMachineArn, statusFilter: 'RUNNING' })
      .resolves({ executions: listed('d-b-2', 'by hand'), nextToken: undefined })
      .on(ListExecutionsCommand, { stateMachineArn, statusFilter: 'RUNNING', nextToken: undefined })
      .resolvesOnce({ executions: listed('d-a-1', 'd2-x-1', 'd-a-12'), nextToken: 'more' })
      .on(ListExecutionsCommand, { statusFilter: 'PENDING_REDRIVE' })
      .resolves({ executions: listed('d-c-1') });
    expect(await executions.underWay('d')).toEqual(['a', 'b', 'c']);
  });
});

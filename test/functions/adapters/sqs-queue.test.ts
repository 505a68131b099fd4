import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { SqsQueue } from '../../../functions/adapters/sqs-queue.ts';

describe('SqsQueue', () => {
  it('sends a body that is delayed', async () => {
    const client = new SQSClient({ region: 'eu-west-1' });
    const mock = mockClient(client);
    mock.on(SendMessageCommand).resolves({});
    await new SqsQueue('https://sqs/q', client).sendDelayed('{"a":1}', 61);
    expect(mock.commandCalls(SendMessageCommand).map(({ args }) => args[0].input)).toEqual([
      { QueueUrl: 'https://sqs/q', MessageBody: '{"a":1}', DelaySeconds: 61 },
    ]);
  });
});

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { makeStack, resolvedResources } from './synthesized.ts';

const template = Template.fromStack(makeStack().stack);
const resolved = (type: string) => resolvedResources(template, type);
const queues = resolved('AWS::SQS::Queue');
const rules = resolved('AWS::Events::Rule');

describe('the trigger', () => {
  it('listens to objects created in the input bucket, and to nothing else', () => {
    expect(rules.TriggerDropped).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['BucketsInput'] } },
      },
      State: 'ENABLED',
      Targets: [{ Arn: 'TriggerQueue', DeadLetterConfig: { Arn: 'TriggerUndelivered' } }],
    });
  });

  it('hands start 1,000 messages at a time, two batches at once, and takes back only those that failed', () => {
    expect(Object.values(resolved('AWS::Lambda::EventSourceMapping'))).toEqual([
      {
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 5,
        ScalingConfig: { MaximumConcurrency: 2 },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        EventSourceArn: 'TriggerQueue',
        FunctionName: 'StagesStartFunction',
      },
    ]);
  });

  it('hides a message six times as long as start may take, and gives it up after five tries', () => {
    expect(queues.TriggerQueue).toMatchObject({
      VisibilityTimeout: 6 * 300,
      RedrivePolicy: { deadLetterTargetArn: 'TriggerRefused', maxReceiveCount: 5 },
    });
  });

  it('keeps what nobody could handle for 14 days', () => {
    for (const name of ['TriggerRefused', 'TriggerUndelivered', 'NoticeUntold']) {
      expect(queues[name]).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    }
  });

  it('encrypts every queue, refuses requests without TLS, and takes events of its rules only', () => {
    for (const queue of Object.values(queues)) expect(queue.SqsManagedSseEnabled).toBe(true);
    const policies = resolved('AWS::SQS::QueuePolicy');
    expect(Object.keys(policies)).toHaveLength(Object.keys(queues).length);
    for (const { PolicyDocument } of Object.values(policies)) {
      const { Statement } = PolicyDocument as { Statement: Record<string, unknown>[] };
      const [denied, ...allowed] = Statement;
      expect(denied).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
      for (const statement of allowed) {
        expect(statement).toMatchObject({
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': expect.stringMatching(/^(TriggerDropped|NoticeRunFailed)$/) } },
        });
      }
    }
  });
});

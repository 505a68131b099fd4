import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../shared/contract/environment.ts';
import { makeStack, resolvedResources } from './synthesized.ts';

const template = Template.fromStack(makeStack({ 'modemap:alarmEmail': 'ops@example.com' }).stack);
const resolved = (type: string) => resolvedResources(template, type);
const rules = resolved('AWS::Events::Rule');

describe('the notice of failed runs', () => {
  it('is asked for by runs that failed, timed out or were stopped, not by children of their maps', () => {
    expect(rules.NoticeRunFailed).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: ['RunMachine'] },
      },
      Targets: [{ Arn: 'StagesFailedFunction', DeadLetterConfig: { Arn: 'NoticeUntold' } }],
    });
  });

  it('is not lost where the function itself fails', () => {
    expect(Object.values(resolved('AWS::Lambda::EventInvokeConfig'))).toMatchObject([
      {
        FunctionName: 'StagesFailedFunction',
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: 'NoticeUntold' } },
      },
    ]);
  });

  it('goes to the address of the context, over TLS; alarms of this account may use the topic too', () => {
    expect(Object.values(resolved('AWS::SNS::Subscription'))).toEqual([
      { Endpoint: 'ops@example.com', Protocol: 'email', TopicArn: 'NoticeTopic' },
    ]);
    const [{ PolicyDocument }] = Object.values(resolved('AWS::SNS::TopicPolicy'));
    expect((PolicyDocument as { Statement: object[] }).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        Sid: 'AllowAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: 'NoticeTopic',
        Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      },
    ]);
  });
});

describe('the alarms', () => {
  const alarms = Object.values(resolved('AWS::CloudWatch::Alarm'));
  const watching = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric);

  it('watch failed runs, dead letters, the oldest message, and of every function throttles and long runs', () => {
    expect(watching('FailedRuns')).toMatchObject([
      { Namespace: 'modemap', Dimensions: [{ Name: 'service', Value: 'modemap' }], Statistic: 'Sum', Threshold: 1 },
    ]);
    expect(watching('ApproximateNumberOfMessagesVisible')).toHaveLength(3);
    expect(watching('ApproximateAgeOfOldestMessage')).toMatchObject([{ Threshold: 1800, Statistic: 'Maximum' }]);
    expect(watching('Throttles')).toHaveLength(STAGES.length);
    expect(
      watching('Duration')
        .map(({ Threshold }) => Threshold)
        .sort(),
    ).toEqual(STAGES.map((stage) => (stage === 'start' || stage === 'failed' ? 270_000 : 810_000)).sort());
    expect(alarms).toHaveLength(1 + 3 + 1 + 2 * STAGES.length);
  });

  it('all tell the topic, are quiet without data, and say what they mean', () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ AlarmActions: ['NoticeTopic'], TreatMissingData: 'notBreaching' });
      expect(alarm.AlarmDescription).toMatch(/\w/);
    }
  });
});

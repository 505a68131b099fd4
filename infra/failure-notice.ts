import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FAILED_STATUSES } from '../shared/contract/stage-events.ts';
import { acknowledgeCheckov } from './acknowledge.ts';
import type { Context } from './context.ts';
import { deadLetters } from './dead-letters.ts';
import type { RunStateMachine } from './run/state-machine.ts';
import type { StageFunction } from './stage-function.ts';
import type { StageFunctions } from './stage-functions.ts';
import type { Buckets } from './stage-permissions.ts';

export interface FailureNoticeProps {
  context: Context;
  buckets: Buckets;
  functions: StageFunctions;
  machine: RunStateMachine;
}

/** A run that failed, timed out or was stopped -> failed -> what went wrong, by name, to whoever subscribed. */
export class FailureNotice extends Construct {
  readonly function: StageFunction<'failed'>;
  readonly topic: Topic;
  /** failures that could not be told */
  readonly untold: Queue;

  constructor(scope: Construct, id: string, { context, buckets, functions, machine }: FailureNoticeProps) {
    super(scope, id);
    this.topic = noticeTopic(this, context);
    this.untold = deadLetters(this, 'Untold');
    this.function = functions.make(
      'failed',
      {
        INPUT_BUCKET: buckets.input.bucketName,
        WORK_BUCKET: buckets.work.bucketName,
        TOPIC_ARN: this.topic.topicArn,
      },
      [
        { actions: ['sns:Publish'], resources: [this.topic.topicArn] },
        { actions: ['sqs:SendMessage'], resources: [this.untold.queueArn] },
      ],
    );
    this.function.lambda.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.untold),
    });
    new Rule(this, 'RunFailed', {
      description: 'runs that ended without a record',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        // child executions of the maps carry another ARN: a tolerated partition is no failed run
        detail: { status: [...FAILED_STATUSES], stateMachineArn: [machine.arn] },
      },
      targets: [new LambdaFunction(this.function.lambda, { deadLetterQueue: this.untold })],
    });
  }
}

function noticeTopic(scope: Construct, { alarmEmail }: Context): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'modemap: failed runs and alarms', enforceSSL: true });
  // a topic with a policy of its own has lost the default one, which let the account's alarms publish
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AllowAlarms',
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': topic.stack.account } },
    }),
  );
  acknowledgeCheckov(topic, {
    CKV_AWS_26: 'messages name runs, files and reasons, no cell values; the AWS-managed key would keep alarms out',
  });
  if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
  return topic;
}

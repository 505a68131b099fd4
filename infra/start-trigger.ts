import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Context } from './context.ts';
import { deadLetters, secureQueue } from './dead-letters.ts';
import type { RunStateMachine } from './run/state-machine.ts';
import type { StageFunction } from './stage-function.ts';
import { LIST_TIMEOUT, type StageFunctions } from './stage-functions.ts';
import type { Buckets } from './stage-permissions.ts';

/** Messages that one invocation of start gets at most; events of one dataset become one message again. */
const BATCH_MESSAGES = 1_000;
const BATCH_WINDOW = Duration.seconds(5);
/** Two invocations at once: more would only start the same runs more often. */
const INVOCATIONS = 2;
/** Five tries over two and a half hours; what is refused then is a defect of ours. */
const TRIES = 5;

export interface StartTriggerProps {
  context: Context;
  buckets: Buckets;
  functions: StageFunctions;
  machine: RunStateMachine;
}

/**
 * S3 -> EventBridge -> SQS -> start: objects dropped into the input bucket start exactly one run of their dataset.
 * Start sends itself a delayed message until the dataset is quiet, so the queue is its clock as well.
 */
export class StartTrigger extends Construct {
  readonly function: StageFunction<'start'>;
  readonly queue: Queue;
  /** messages that start could not handle */
  readonly refused: Queue;
  /** events that EventBridge could not deliver */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { context, buckets, functions, machine }: StartTriggerProps) {
    super(scope, id);
    this.refused = deadLetters(this, 'Refused');
    this.undelivered = deadLetters(this, 'Undelivered');
    this.queue = secureQueue(this, 'Queue', {
      // a message that is being worked on must not come a second time: AWS asks for six times the time-out
      visibilityTimeout: Duration.seconds(6 * LIST_TIMEOUT.toSeconds()),
      deadLetterQueue: { queue: this.refused, maxReceiveCount: TRIES },
    });
    this.function = functions.make(
      'start',
      {
        INPUT_BUCKET: buckets.input.bucketName,
        WORK_BUCKET: buckets.work.bucketName,
        OUTPUT_BUCKET: buckets.output.bucketName,
        QUEUE_URL: this.queue.queueUrl,
        STATE_MACHINE_ARN: machine.arn,
        SETTLE_SECONDS: String(context.settleSeconds),
        SETTLE_MAX_SECONDS: String(context.settleMaxSeconds),
        TRANSFORM_MEMORY_MB: String(context.memoryMb),
      },
      [
        {
          actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
          resources: [this.queue.queueArn],
        },
        { actions: ['states:StartExecution'], resources: [machine.arn] },
        {
          actions: ['states:DescribeExecution'],
          resources: [machine.executionArns],
          wildcard: 'executions are named by dataset and run',
        },
      ],
    );
    this.function.lambda.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: BATCH_MESSAGES,
        maxBatchingWindow: BATCH_WINDOW,
        maxConcurrency: INVOCATIONS,
        reportBatchItemFailures: true,
      }),
    );
    new Rule(this, 'Dropped', {
      description: 'objects dropped into the input bucket',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [buckets.input.bucketName] } },
      },
      targets: [new SqsQueue(this.queue, { deadLetterQueue: this.undelivered })],
    });
  }
}

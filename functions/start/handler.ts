import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { environmentOf } from '../../shared/contract/environment.ts';
import { type StartedRun, startCallSchema } from '../../shared/contract/start-call.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Lister } from '../adapters/s3-lister.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { SfnExecutions } from '../adapters/sfn-executions.ts';
import { SqsQueue } from '../adapters/sqs-queue.ts';
import { storedCurrentRuns } from '../current-runs.ts';
import { makeStart } from './start.ts';
import { takeMessages } from './take-messages.ts';

const environment = environmentOf('start', process.env);
const { INPUT_BUCKET, WORK_BUCKET, OUTPUT_BUCKET, QUEUE_URL, STATE_MACHINE_ARN } = environment;
const client = makeS3Client();
const output = new S3Store({ client, bucket: OUTPUT_BUCKET });
const { wake, call } = makeStart(
  {
    input: new S3Store({ client, bucket: INPUT_BUCKET }),
    work: new S3Store({ client, bucket: WORK_BUCKET }),
    output,
    lister: new S3Lister(client, INPUT_BUCKET),
    queue: new SqsQueue(QUEUE_URL),
    executions: new SfnExecutions(STATE_MACHINE_ARN),
    currents: storedCurrentRuns(output),
  },
  {
    settleSeconds: environment.SETTLE_SECONDS,
    settleMaxSeconds: environment.SETTLE_MAX_SECONDS,
    memoryBytes: environment.TRANSFORM_MEMORY_MB * 2 ** 20,
  },
);
const logger = new Logger();

/** Called by the queue with a batch of messages, or by somebody with `{dataset}`. */
export async function handler(event: unknown, context: Context): Promise<SQSBatchResponse | StartedRun> {
  logger.addContext(context);
  if (isBatch(event)) return answerBatch(event);
  const run = await call(startCallSchema.parse(event).dataset);
  report(run);
  return run;
}

async function answerBatch({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { runs, failures } = await takeMessages(Records, INPUT_BUCKET, wake);
  for (const run of runs) report(run);
  for (const { messageIds, error } of failures) {
    logger.error(`${messageIds.length} messages are to be delivered again`, error as Error);
  }
  return {
    batchItemFailures: failures.flatMap(({ messageIds }) => messageIds).map((id) => ({ itemIdentifier: id })),
  };
}

function report({ datasetId, runId, name, state }: StartedRun): void {
  logger.info(state, { dataset: datasetId, runId, execution: name });
}

function isBatch(event: unknown): event is SQSEvent {
  return Array.isArray((event as { Records?: unknown } | null)?.Records);
}

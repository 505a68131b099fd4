import { environmentOf } from '../../shared/contract/environment.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import { METRICS } from '../../shared/contract/observed.ts';
import { type FailedResult, failedEventSchema } from '../../shared/contract/stage-events.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { SnsNotifications } from '../adapters/sns-notifications.ts';
import { makeFailed } from './failed.ts';

const { INPUT_BUCKET, WORK_BUCKET, TOPIC_ARN } = environmentOf('failed', process.env);
const client = makeS3Client();
const report = makeFailed(
  {
    input: new S3Store({ client, bucket: INPUT_BUCKET }),
    work: new S3Store({ client, bucket: WORK_BUCKET }),
  },
  new SnsNotifications(TOPIC_ARN),
);

export const handler = lambdaHandler(
  failedEventSchema,
  async (event, { metrics }): Promise<FailedResult> => {
    const {
      isNew,
      report: { datasetId, runId, superseded, partitions },
    } = await report(event);
    const run = { datasetId, runId };
    if (isNew) {
      metrics.publish(run, {
        [METRICS.failedRuns]: superseded ? 0 : 1,
        [METRICS.supersededRuns]: superseded ? 1 : 0,
        [METRICS.partitionsMissing]: partitions.length,
      });
    }
    return { runId, superseded, partitions: partitions.length, failureKey: workKeys.failure(run) };
  },
  { subjectOf: ({ detail }) => ({ execution: detail.name }) },
);

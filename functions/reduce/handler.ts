import { environmentOf } from '../../shared/contract/environment.ts';
import { type ReduceResult, reduceEventSchema } from '../../shared/contract/stage-events.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { makeReduce } from './reduce.ts';

const { WORK_BUCKET } = environmentOf('reduce', process.env);
const reduce = makeReduce({ work: new S3Store({ client: makeS3Client(), bucket: WORK_BUCKET }) });

export const handler = lambdaHandler(
  reduceEventSchema,
  async ({ datasetId, runId, pass, group }): Promise<ReduceResult> => {
    await reduce({ datasetId, runId, pass, group });
    return { group: group.group };
  },
);

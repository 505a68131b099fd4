import { environmentOf } from '../../shared/contract/environment.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { PRICES } from '../../shared/contract/prices.ts';
import { executionInputSchema, type PlanResult } from '../../shared/contract/stage-events.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { makePlan } from './plan.ts';

const { INPUT_BUCKET, WORK_BUCKET, MAX_CONCURRENCY } = environmentOf('plan', process.env);
const client = makeS3Client();
const plan = makePlan({
  input: new S3Store({ client, bucket: INPUT_BUCKET }),
  work: new S3Store({ client, bucket: WORK_BUCKET }),
});

export const handler = lambdaHandler(executionInputSchema, async (execution): Promise<PlanResult> => {
  const { partitions, fitGroups, toleratedFailures, looksBack } = await plan(execution, {
    mostObjects: LIMITS.objects,
    deployment: { concurrency: MAX_CONCURRENCY, prices: PRICES },
  });
  return {
    ...execution,
    fitGroups,
    partitions,
    toleratedFailureCount: toleratedFailures,
    maxConcurrency: MAX_CONCURRENCY,
    looksBack,
    keys: {
      plan: workKeys.plan(execution),
      groups: workKeys.groups(execution),
      mapResults: workKeys.mapResults(execution),
    },
  };
});

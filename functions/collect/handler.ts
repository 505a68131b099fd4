import { environmentOf } from '../../shared/contract/environment.ts';
import { collectEventSchema, type Sweep } from '../../shared/contract/stage-events.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { makeCollect } from './collect.ts';

const { WORK_BUCKET } = environmentOf('collect', process.env);
const collect = makeCollect({ work: new S3Store({ client: makeS3Client(), bucket: WORK_BUCKET }) });

export const handler = lambdaHandler(collectEventSchema, async ({ datasetId, runId, pass }): Promise<Sweep> => {
  const { again } = await collect({ datasetId, runId, pass });
  // where looking back finds nothing to write again, what pass 0 wrote stands
  return { pass: again ? pass : 0, again };
});

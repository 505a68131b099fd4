import { environmentOf } from '../../shared/contract/environment.ts';
import { METRICS } from '../../shared/contract/observed.ts';
import { transformEventSchema } from '../../shared/contract/stage-events.ts';
import type { TransformOutput } from '../../shared/contract/stages.ts';
import { isPoisoned } from '../../shared/parquet/decode-column.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { offerParquetWasm } from '../adapters/parquet-wasm.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { makeTransform } from './transform.ts';

const { INPUT_BUCKET, WORK_BUCKET, OUTPUT_BUCKET } = environmentOf('transform', process.env);
offerParquetWasm();
const client = makeS3Client();
const probes = {
  now: () => performance.now() / 1000,
  peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
};
const transform = makeTransform(
  {
    input: new S3Store({ client, bucket: INPUT_BUCKET }),
    work: new S3Store({ client, bucket: WORK_BUCKET }),
    output: new S3Store({ client, bucket: OUTPUT_BUCKET }),
  },
  probes,
);

export const handler = lambdaHandler(
  transformEventSchema,
  async ({ datasetId, runId, pass, partition }, { metrics }): Promise<TransformOutput> => {
    const output = await transform({ datasetId, runId, pass, partition });
    metrics.publish(
      { datasetId, runId },
      {
        [METRICS.rowsTransformed]: output.rows,
        [METRICS.partitionsTransformed]: 1,
        [METRICS.peakMemory]: probes.peakMemoryBytes(),
      },
    );
    return output;
  },
  { isPoisoned },
);

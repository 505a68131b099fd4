import { environmentOf } from '../../shared/contract/environment.ts';
import { type FitResult, fitEventSchema } from '../../shared/contract/stage-events.ts';
import { isPoisoned } from '../../shared/parquet/decode-column.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { offerParquetWasm } from '../adapters/parquet-wasm.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { makeFit } from './fit.ts';

const { INPUT_BUCKET, WORK_BUCKET } = environmentOf('fit', process.env);
offerParquetWasm();
const client = makeS3Client();
const fitColumns = makeFit({
  input: new S3Store({ client, bucket: INPUT_BUCKET }),
  work: new S3Store({ client, bucket: WORK_BUCKET }),
});

export const handler = lambdaHandler(
  fitEventSchema,
  async ({ datasetId, runId, pass, group }): Promise<FitResult> => {
    await fitColumns({ datasetId, runId, pass, group });
    return { group };
  },
  { isPoisoned },
);

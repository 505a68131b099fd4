import { environmentOf } from '../../shared/contract/environment.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { modelSchema } from '../../shared/contract/model.ts';
import { METRICS } from '../../shared/contract/observed.ts';
import { type CommitResult, commitEventSchema } from '../../shared/contract/stage-events.ts';
import { GlueCatalog } from '../adapters/glue-catalog.ts';
import { lambdaHandler } from '../adapters/lambda-handler.ts';
import { makeS3Client } from '../adapters/s3-client.ts';
import { S3Store } from '../adapters/s3-store.ts';
import { storedCurrentRuns } from '../current-runs.ts';
import { readJson } from '../stage-io.ts';
import { makeCommit } from './commit.ts';
import { worstColumns } from './worst-columns.ts';

const { WORK_BUCKET, OUTPUT_BUCKET, RESULTS_DATABASE, DATA_DATABASE } = environmentOf('commit', process.env);
const client = makeS3Client();
const output = new S3Store({ client, bucket: OUTPUT_BUCKET });
const commit = makeCommit(
  { work: new S3Store({ client, bucket: WORK_BUCKET }), output },
  () => new Date().toISOString(),
  storedCurrentRuns(output),
  new GlueCatalog({ results: RESULTS_DATABASE, data: DATA_DATABASE, output: `s3://${OUTPUT_BUCKET}/` }),
);

export const handler = lambdaHandler(
  commitEventSchema,
  async ({ datasetId, runId, pass }, { metrics }): Promise<CommitResult> => {
    const run = { datasetId, runId };
    const record = await commit({ ...run, pass });
    const { status, rows, failed_partitions, seconds, estimated_dollars } = record;
    metrics.publish(run, {
      [METRICS.committedRuns]: 1,
      [METRICS.partialRuns]: status === 'partial' ? 1 : 0,
      [METRICS.partitionsMissing]: failed_partitions,
      [METRICS.runDuration]: seconds,
      ...(estimated_dollars !== null && { [METRICS.plannedDollars]: estimated_dollars }),
    });
    const model = await readJson(output, outputKeys.model(run), modelSchema);
    for (const { column, figures } of worstColumns(record, model)) metrics.publishColumn(run, column, figures);
    return { runId, status, rows, recordKey: outputKeys.record(run) };
  },
);

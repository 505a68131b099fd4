import { S3Store } from '../../functions/adapters/s3-store.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { readJson } from '../../functions/stage-io.ts';
import { ConfigurationError } from '../../shared/contract/errors.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { datasetIdOf } from '../../shared/contract/names.ts';
import { type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import { newestRecord } from '../run-location.ts';
import { parseS3Url, s3UrlOf } from '../s3-url.ts';
import { datasetOf } from './dataset-place.ts';
import type { DeployedStack } from './find-stack.ts';

/** A committed run in S3. */
export interface S3Run {
  /** of the output root: what the record's keys are relative to */
  store: S3Store;
  record: RunRecord;
  /** the output root is the output bucket of the stack */
  isOfStack: boolean;
}

/**
 * Resolve the RUN argument on S3: a dataset of the stack's input bucket, which means the run that its readers get; or
 * an output root, its `runs/dataset=NAME` or a record in it, as on a local disk.
 *
 * @throws {ConfigurationError} if nothing is committed there, or several datasets are meant
 */
export async function locateS3Run(
  run: string,
  client: ConstructorParameters<typeof S3Store>[0]['client'],
  stack: DeployedStack | undefined,
): Promise<S3Run> {
  const { bucket, key } = parseS3Url(run, 'RUN');
  if (stack && bucket === stack.inputBucket) {
    const store = new S3Store({ client, bucket: stack.outputBucket });
    return { store, record: await currentRecord(store, datasetOf(run, stack)), isOfStack: true };
  }
  const [, root = '', records] = /^(?:(.*?)\/)??(runs\/dataset=[^/]+(?:\/[^/]+\.json)?)$/.exec(key) ?? [undefined, key];
  const store = new S3Store({ client, bucket, prefix: root === '' ? '' : `${root}/` });
  const prefix = records === undefined ? outputKeys.records : records.endsWith('.json') ? records : `${records}/`;
  const record = await newestRecord(store, prefix, s3UrlOf({ bucket, key: root }), run);
  return { store, record, isOfStack: bucket === stack?.outputBucket && root === '' };
}

async function currentRecord(output: S3Store, dataset: string): Promise<RunRecord> {
  const datasetId = datasetIdOf(dataset);
  const current = await storedCurrentRuns(output).read(datasetId);
  if (current) return readJson(output, outputKeys.record({ datasetId, runId: current.runId }), runRecordSchema);
  throw new ConfigurationError(`RUN must be committed, no run of ${dataset} is; see modemap status`);
}

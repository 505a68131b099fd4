import { SfnExecutions } from '../../functions/adapters/sfn-executions.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { lastExecution } from '../../functions/last-execution.ts';
import { newestListing } from '../../functions/listing-log.ts';
import { readJsonIfThere } from '../../functions/stage-io.ts';
import { StoreRefusedError } from '../../shared/contract/errors.ts';
import { executionName } from '../../shared/contract/execution-name.ts';
import type { FailureReport } from '../../shared/contract/failure.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { datasetIdOf } from '../../shared/contract/names.ts';
import { type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { askAws } from './aws-errors.ts';
import type { AwsSession } from './aws-session.ts';
import { type ExecutionView, watchExecution } from './execution-view.ts';
import { failureReport } from './run-failure.ts';

/** How things stand with a dataset. */
export interface DatasetStatus {
  dataset: string;
  datasetId: string;
  /** the run that was asked for last; null: none was, as far as the work bucket remembers */
  last: {
    runId: string;
    /** ISO 8601, UTC, ms: when the dataset was listed for it */
    order: string;
    /** null: its execution is forgotten, or not yet there */
    execution: ({ name: string; executionArn: string } & ExecutionView) | null;
    failure: FailureReport | null;
  } | null;
  /** whether files of it lie in the input bucket for which no run was asked yet; null where `last` is one */
  isWaiting: boolean | null;
  /** the record of the run that readers get; null: none is committed */
  current: RunRecord | null;
}

/** Look up how things stand with a dataset: its newest listing, the last execution of that run, the current run. */
export async function datasetStatus(
  { stack, stepFunctions, input, work, output }: AwsSession,
  dataset: string,
): Promise<DatasetStatus> {
  const datasetId = datasetIdOf(dataset);
  const executions = new SfnExecutions(stack.stateMachineArn, stepFunctions);
  const current = await storedCurrentRuns(output).read(datasetId);
  const record = current
    ? await readJsonIfThere(output, outputKeys.record({ datasetId, runId: current.runId }), runRecordSchema)
    : undefined;
  const last = (await lastRun()) ?? null;
  const isWaiting = last ? null : await hasFiles(input, dataset);
  return { dataset, datasetId, last, isWaiting, current: record ?? null };

  async function lastRun() {
    const listing = await newestListing(work, datasetId);
    if (!listing) return undefined;
    const run = { datasetId, runId: listing.runId };
    const { n, execution } = await lastExecution(run, (name) =>
      askAws(`describing execution ${name}`, () => executions.describe(name)),
    );
    if (!execution) return { ...listing, execution: null, failure: null };
    const name = executionName(run, n);
    const executionArn = executions.arnOf(name);
    const view = await watchExecution(stepFunctions, executionArn)();
    const isFailed = view.status !== 'RUNNING' && view.status !== 'SUCCEEDED';
    return {
      ...listing,
      execution: { name, executionArn, ...view },
      failure: (isFailed && (await failureReport(work, run, executionArn))) || null,
    };
  }
}

async function hasFiles(input: ObjectStore, dataset: string): Promise<boolean> {
  try {
    for await (const _ of input.list(`${dataset}/`)) return true;
    return (await input.head(`${dataset}.parquet`)) !== undefined;
  } catch (error) {
    // who follows runs need not be allowed to look at what they are made of
    if (error instanceof StoreRefusedError) return false;
    throw error;
  }
}

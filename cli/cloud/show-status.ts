import { DEFAULT_STACK_NAME } from '../../shared/contract/stack-outputs.ts';
import { parseS3Url } from '../s3-url.ts';
import type { StatusFlags } from '../status.ts';
import { AwsSession } from './aws-session.ts';
import { followToRecord, printRecord } from './cloud-run.ts';
import { datasetOf } from './dataset-place.ts';
import { type DatasetStatus, datasetStatus } from './dataset-status.ts';
import { displayFor } from './progress-display.ts';
import { formatStatus } from './status-text.ts';

/** `modemap status`: how things stand now, or, followed, what comes of it. */
export async function showStatus(url: string, flags: StatusFlags): Promise<void> {
  parseS3Url(url, 'INPUT');
  const session = await AwsSession.open(flags.stack ?? DEFAULT_STACK_NAME);
  const dataset = datasetOf(url, session.stack);
  const status = await datasetStatus(session, dataset);
  const started = flags.follow ? startedRun(status) : undefined;
  if (started) {
    printRecord(session, url, await followToRecord(session, url, started, displayFor(flags)), flags);
  } else {
    process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : formatStatus(status, url, Date.now()));
  }
}

/** The last run as start would answer, where there is something to follow. */
function startedRun({ dataset, datasetId, last }: DatasetStatus) {
  if (!last?.execution) return undefined;
  const { name, executionArn, status } = last.execution;
  const state =
    status === 'RUNNING' ? ('joined' as const) : status === 'SUCCEEDED' ? ('done' as const) : ('failed' as const);
  return { dataset, datasetId, runId: last.runId, name, executionArn, state };
}

import { readJson } from '../../functions/stage-io.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import { DEFAULT_STACK_NAME } from '../../shared/contract/stack-outputs.ts';
import type { StartedRun } from '../../shared/contract/start-call.ts';
import { formatRunSummary, shellWord } from '../run-summary.ts';
import { parseS3Url } from '../s3-url.ts';
import { endOnStopSignals } from '../stop-signals.ts';
import { AwsSession } from './aws-session.ts';
import { datasetOf } from './dataset-place.ts';
import { followRun } from './follow-run.ts';
import { displayFor, type ProgressDisplay } from './progress-display.ts';
import { runError } from './run-failure.ts';
import { startRun } from './start-run.ts';

export interface CloudFlags {
  stack?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Start the deployed run of `s3://INPUT_BUCKET/DATASET`, or join it, and follow it to its record. */
export async function runInCloud(url: string, flags: CloudFlags): Promise<void> {
  parseS3Url(url, 'INPUT');
  const session = await AwsSession.open(flags.stack ?? DEFAULT_STACK_NAME);
  const dataset = datasetOf(url, session.stack);
  const display = displayFor(flags);
  const started = await startRun(session.lambda, session.stack.startFunction, dataset);
  const record = await followToRecord(session, url, started, display);
  printRecord(session, url, record, flags);
}

/**
 * Follow a run to its record. A signal ends the watching, not the run.
 *
 * @throws {ModemapError} why the run has failed
 */
export async function followToRecord(
  session: AwsSession,
  url: string,
  started: StartedRun,
  display: ProgressDisplay,
): Promise<RunRecord> {
  const stay = endOnStopSignals(
    () => display.end(),
    `the run goes on without you; follow it again: ${followCommand(session, url)}`,
  );
  try {
    return await follow(session, started, display);
  } finally {
    display.end();
    stay();
  }
}

async function follow(session: AwsSession, started: StartedRun, display: ProgressDisplay): Promise<RunRecord> {
  const { lambda, stack, stepFunctions, output, work } = session;
  display.note(`${WORDS[started.state]}: run ${started.runId} of ${started.dataset}, execution ${started.name}`);
  if (started.state === 'done') return readJson(output, outputKeys.record(started), runRecordSchema);
  const view = await followRun(stepFunctions, started.executionArn, display);
  if (view.status !== 'SUCCEEDED') throw await runError(work, started, view);
  // the run that was under way had chosen what its readers get before this one was asked for
  if (started.state === 'waiting') {
    return follow(session, await startRun(lambda, stack.startFunction, started.dataset), display);
  }
  return readJson(output, outputKeys.record(started), runRecordSchema);
}

const WORDS: Record<StartedRun['state'], string> = {
  started: 'started',
  joined: 'under way already',
  done: 'nothing to do, it is committed',
  failed: 'failed, and nothing has changed since',
  waiting: 'another run is just being published, this one follows',
};

/** The record as JSON, or what a person wants to know of it. */
export function printRecord({ stack }: AwsSession, url: string, record: RunRecord, flags: CloudFlags): void {
  if (flags.json) process.stdout.write(`${JSON.stringify(record)}\n`);
  else if (!flags.quiet) process.stdout.write(formatRunSummary(record, `s3://${stack.outputBucket}`, url));
}

function followCommand({ stack }: AwsSession, url: string): string {
  const other = stack.name === DEFAULT_STACK_NAME ? '' : ` --stack ${stack.name}`;
  return `modemap status ${shellWord(url)} --follow${other}`;
}

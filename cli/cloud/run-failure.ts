import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonIfThere } from '../../functions/stage-io.ts';
import { IncompleteRunError, ModemapError, reviveError } from '../../shared/contract/errors.ts';
import { type FailureReport, failureReportSchema } from '../../shared/contract/failure.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { ExecutionView } from './execution-view.ts';

/** The report is written by a function that the end of the execution calls. */
const REPORT_LATE_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;

/** What an execution that ended badly stopped at, as far as Step Functions itself knows. */
export function failureOf({ status, error, cause }: Pick<ExecutionView, 'status' | 'error' | 'cause'>): string {
  if (status === 'ABORTED') return 'it was stopped';
  if (status === 'TIMED_OUT') return 'it ran out of time';
  return [error, messageOf(cause)].filter((part) => part).join(': ') || 'no reason is known';
}

/** The report of an execution's end, or undefined where it is not, or not yet, written. */
export async function failureReport(
  work: ObjectStore,
  run: RunReference,
  executionArn: string,
): Promise<FailureReport | undefined> {
  const report = await readJsonIfThere(work, workKeys.failure(run), failureReportSchema);
  return report?.executionArn === executionArn ? report : undefined;
}

/**
 * Why a run has failed, as an error in the user's terms.
 *
 * A map that failed says only that its children did: which partition, which object and why is in the report, and that
 * is waited for.
 *
 * @param work where the report will be
 */
export async function runError(
  work: ObjectStore,
  run: RunReference & { executionArn: string; name: string },
  view: ExecutionView,
): Promise<ModemapError> {
  const error = reviveError({ name: view.error ?? '', message: messageOf(view.cause) });
  if (view.maps.length === 0 && error instanceof ModemapError) return error;
  const report = view.maps.length === 0 ? undefined : await awaitReport(work, run);
  const [first] = report?.partitions ?? [];
  const reason = first
    ? `${report?.partitions.length} of ${report?.plannedPartitions} partitions are missing, the first is ${first.partition} (${first.firstObject}): ${first.reason}`
    : failureOf(view);
  return new IncompleteRunError(
    `run ${run.runId} has failed: ${reason}; mend it and run again, or redrive execution ${run.name}`,
  );
}

async function awaitReport(work: ObjectStore, run: RunReference & { executionArn: string }) {
  const end = Date.now() + REPORT_LATE_MS;
  for (;;) {
    const report = await failureReport(work, run, run.executionArn);
    if (report || Date.now() > end) return report;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Lambda's errors arrive as JSON. */
function messageOf(cause = ''): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}

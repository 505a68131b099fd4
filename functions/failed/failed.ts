import type * as z from 'zod';
import { InputChangedError } from '../../shared/contract/errors.ts';
import { type FailureReport, failureReportSchema, type NotificationPort } from '../../shared/contract/failure.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { executionInputSchema, type failedEventSchema } from '../../shared/contract/stage-events.ts';
import { frozenInputsSchema } from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { encodeJson, readJson, readJsonIfThere } from '../stage-io.ts';
import { failureText } from './failure-text.ts';
import { missingPartitions } from './missing-partitions.ts';
import { isSuperseded } from './superseded.ts';

/** What became of a failed execution, and whether this call was the first to say so. */
export interface FailedOutput {
  report: FailureReport;
  isNew: boolean;
}

/**
 * The failed stage: say which partitions an execution left undone and why, to `failure.json` and to whom it may
 * concern.
 *
 * Events come at least once. The report is stored after it was sent: a repetition finds it and stays silent, a crash
 * between the two sends it twice rather than never. The report of a run that was redriven and failed again replaces
 * the one before.
 */
export function makeFailed({ input, work }: Pick<Stores, 'input' | 'work'>, notifications: NotificationPort) {
  return async ({ detail }: z.infer<typeof failedEventSchema>): Promise<FailedOutput> => {
    const { dataset, datasetId, runId } = executionInputSchema.parse(JSON.parse(detail.input));
    const run: RunReference = { datasetId, runId };
    const key = workKeys.failure(run);
    const { executionArn, status } = detail;
    const stopDate = detail.stopDate ?? null;
    const stored = await readJsonIfThere(work, key, failureReportSchema);
    if (stored?.executionArn === executionArn && stored.stopDate === stopDate) return { report: stored, isNew: false };

    const { pass, plannedPartitions, partitions, names } = await missingPartitions(work, run);
    const { error, cause } = causeOf(detail);
    const reasons = new Set(names);
    if (error !== null && !error.startsWith('States.')) reasons.add(error);
    const report: FailureReport = {
      format: 'modemap-failure',
      version: 1,
      dataset,
      datasetId,
      runId,
      execution: detail.name,
      executionArn,
      status,
      stopDate,
      error,
      cause,
      superseded: onlyChanged(reasons) && (await isSuperseded({ input, work }, await frozen(run))),
      pass,
      plannedPartitions,
      partitions,
    };
    await notifications.publish(...failureText(report));
    if (stored) await work.remove(key);
    await work.write(key, encodeJson(report));
    return { report, isNew: true };
  };

  function frozen(run: RunReference) {
    return readJson(work, workKeys.inputs(run), frozenInputsSchema);
  }
}

const onlyChanged = (names: ReadonlySet<string>) => names.size === 1 && names.has(new InputChangedError('').name);

/** Lambda's errors arrive as the text of a JSON object, the state machine's own as text. */
function causeOf({ error, cause }: { error?: string | null; cause?: string | null }) {
  return { error: error ?? null, cause: cause ? messageIn(cause) : null };
}

function messageIn(cause: string): string {
  try {
    const document: unknown = JSON.parse(cause);
    const message = (document as { errorMessage?: unknown } | null)?.errorMessage;
    return typeof message === 'string' ? message : cause;
  } catch {
    return cause;
  }
}

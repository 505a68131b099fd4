import type { FailureReport } from '../../shared/contract/failure.ts';
import { workKeys } from '../../shared/contract/keys.ts';

/** A reader wants the first few; all of them are in the report. */
const LISTED = 20;

/** What people are told: subject and text. Names of objects and reasons, never a value of the data. */
export function failureText(report: FailureReport): [subject: string, text: string] {
  const { dataset, runId, execution, executionArn, status, superseded, error, cause, partitions } = report;
  const subject = superseded
    ? `modemap: ${dataset} changed, a newer run replaces this one`
    : `modemap: run of ${dataset} ${ENDED[status]}`;
  const text = [
    superseded
      ? `The run of ${dataset} read an input that had changed meanwhile. A newer run of it exists or is on its way: there is nothing to do.`
      : `The run of ${dataset} ${ENDED[status]}. Nothing of it is visible; what was visible before still is.`,
    '',
    ...(error === null ? [] : [`error       ${error}${cause === null ? '' : `: ${cause}`}`]),
    ...partitionLines(report),
    `run         ${runId}`,
    `execution   ${execution} (${executionArn})`,
    `report      ${workKeys.failure(report)} in the work bucket`,
    ...(superseded || partitions.length === 0
      ? []
      : ['', 'A redrive of the execution repeats what is missing and keeps what is there.']),
    '',
  ].join('\n');
  return [subject, text];
}

const ENDED: Record<FailureReport['status'], string> = {
  FAILED: 'failed',
  TIMED_OUT: 'ran out of time',
  ABORTED: 'was stopped',
};

function partitionLines({ partitions, plannedPartitions, pass }: FailureReport): string[] {
  if (partitions.length === 0) return [];
  const listed = partitions
    .slice(0, LISTED)
    .map(({ partition, firstObject, reason }) => `  ${partition} (${firstObject}): ${reason}`);
  const rest = partitions.length - listed.length;
  return [
    `partitions  ${partitions.length} of ${plannedPartitions} are missing in pass ${pass}:`,
    ...listed,
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

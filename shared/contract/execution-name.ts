import type { RunReference } from './keys.ts';

/**
 * Name of the n-th execution of a run, from 1. A dataset's id holds no `-`, so the name can be taken apart again. At
 * most 47 + 16 + the digits of n: Step Functions allows 80.
 */
export const executionName = ({ datasetId, runId }: RunReference, n: number) => `${datasetId}-${runId}-${n}`;

/** The run whose execution has this name, or undefined where it is none of ours. */
export function runOfExecution(name: string): RunReference | undefined {
  const [, datasetId, runId] = /^([^-]+)-([^-]+)-\d+$/.exec(name) ?? [];
  return datasetId === undefined ? undefined : { datasetId, runId };
}

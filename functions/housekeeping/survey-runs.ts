import { outputKeys, runOfOutputKey, runOfWorkKey, workKeys } from '../../shared/contract/keys.ts';
import type { House } from './ports.ts';

/** What of a run lies in the stores, its record left out. */
export interface SurveyedRun {
  objects: number;
  sizeBytes: number;
  /** its inputs are frozen: it may go on, or be done again */
  hasInputs: boolean;
}

/** What lies in the stores of every run of a dataset, committed or not, by run id. */
export async function surveyRuns(
  { work, output }: Pick<House, 'work' | 'output'>,
  datasetId: string,
): Promise<Map<string, SurveyedRun>> {
  const runs = new Map<string, SurveyedRun>();
  const runOf = (runId: string) => {
    const run = runs.get(runId) ?? { objects: 0, sizeBytes: 0, hasInputs: false };
    runs.set(runId, run);
    return run;
  };
  const listings = workKeys.listings(datasetId);
  for await (const { key, sizeBytes } of work.list(workKeys.dataset(datasetId))) {
    const of = key.startsWith(listings) ? undefined : runOfWorkKey(key);
    if (!of) continue;
    const run = runOf(of.runId);
    run.objects++;
    run.sizeBytes += sizeBytes;
    run.hasInputs ||= key === workKeys.inputs(of);
  }
  for (const prefix of outputKeys.dataset(datasetId)) {
    for await (const { key, sizeBytes } of output.list(prefix)) {
      const of = runOfOutputKey(key);
      if (!of) continue;
      const run = runOf(of.runId);
      run.objects++;
      run.sizeBytes += sizeBytes;
    }
  }
  return runs;
}

import { type RunReference, workKeys } from '../shared/contract/keys.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import type { ColumnSummary } from '../shared/summary/column-summary.ts';
import { mergeSummaries } from '../shared/summary/merge-summaries.ts';
import { decodeSummaries } from '../shared/summary/summary-file.ts';
import { readWritten } from './stage-io.ts';

/**
 * The summaries of all rows of a pass, merged over its reduce groups.
 *
 * @param names of the columns wanted; all where left out
 * @throws {IncompleteRunError} if a group's summaries are not there
 */
export async function readMergedSummaries(
  work: ObjectStore,
  run: RunReference,
  { pass, reduceGroups, names }: { pass: number; reduceGroups: number; names?: readonly string[] },
): Promise<Map<string, ColumnSummary>> {
  const merged = new Map<string, ColumnSummary>();
  for (let group = 0; group < reduceGroups; group++) {
    const bytes = await readWritten(work, workKeys.reducedSummary(run, pass, group));
    for (const { name, summary } of decodeSummaries(bytes, names)) {
      const before = merged.get(name);
      merged.set(name, before ? mergeSummaries(before, summary) : summary);
    }
  }
  return merged;
}

import { type RunReference, workKeys } from '../shared/contract/keys.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import type { ColumnSummary } from '../shared/summary/column-summary.ts';
import { mergeSummaries } from '../shared/summary/merge-summaries.ts';
import { decodeSummary } from '../shared/summary/summary-block.ts';
import { StoredSummaries } from './stored-summaries.ts';

/**
 * The summaries of all rows of a pass, merged over its reduce groups.
 *
 * @param names of the columns wanted, neighbours in the table: no other is read; all where left out
 * @throws {IncompleteRunError} if a group's summaries are not there
 */
export async function readMergedSummaries(
  work: ObjectStore,
  run: RunReference,
  { pass, reduceGroups, names }: { pass: number; reduceGroups: number; names?: readonly string[] },
): Promise<Map<string, ColumnSummary>> {
  const merged = new Map<string, ColumnSummary>();
  for (let group = 0; group < reduceGroups; group++) {
    const key = workKeys.reducedSummary(run, pass, group);
    const file = await StoredSummaries.open(work, key);
    for (const [name, block] of await file.blocks(names ?? file.names)) {
      const before = merged.get(name);
      const summary = decodeSummary(block);
      merged.set(name, before ? mergeSummaries(before, summary) : summary);
    }
  }
  return merged;
}

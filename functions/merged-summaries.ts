import { type RunReference, workKeys } from '../shared/contract/keys.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import type { ColumnSummary } from '../shared/summary/column-summary.ts';
import { mergeSummaries } from '../shared/summary/merge-summaries.ts';
import {
  decodeSummaries,
  decodeSummary,
  type NamedSummary,
  readSummaryIndex,
  SUMMARY_HEADER_BYTES,
  summaryIndexEnd,
} from '../shared/summary/summary-file.ts';
import { readWritten } from './stage-io.ts';

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
    const summaries = names ? await readSome(work, key, new Set(names)) : decodeSummaries(await readWritten(work, key));
    for (const { name, summary } of summaries) {
      const before = merged.get(name);
      merged.set(name, before ? mergeSummaries(before, summary) : summary);
    }
  }
  return merged;
}

/** Where the index ends, the index, and the blocks from the first wanted one to the last. */
async function readSome(work: ObjectStore, key: string, names: ReadonlySet<string>): Promise<NamedSummary[]> {
  const header = await readWritten(work, key, { start: 0, end: SUMMARY_HEADER_BYTES });
  const head = await readWritten(work, key, { start: 0, end: summaryIndexEnd(header) });
  const wanted = readSummaryIndex(head).filter(({ name }) => names.has(name));
  if (wanted.length === 0) return [];
  const from = wanted[0].start;
  const blocks = await readWritten(work, key, { start: from, end: wanted[wanted.length - 1].end });
  return wanted.map(({ name, start, end }) => ({
    name,
    summary: decodeSummary(blocks.subarray(start - from, end - from)),
  }));
}

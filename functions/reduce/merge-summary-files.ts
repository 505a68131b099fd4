import pLimit from 'p-limit';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { mergeSummaries } from '../../shared/summary/merge-summaries.ts';
import { decodeSummary, encodeSummary } from '../../shared/summary/summary-block.ts';
import { StoredSummaries } from '../stored-summaries.ts';
import type { SummaryWriter } from '../summary-writer.ts';

/** Files are read side by side: each takes a request that waits. */
const FILES_IN_FLIGHT = 16;

/**
 * Merge summary files column by column into one.
 *
 * Of each file the blocks of neighbouring columns are read at once, of as many as {@link LIMITS.reducedSummaryBytes}
 * hold of all files; one column is decoded at a time.
 *
 * @param keys of the files, in the order in which they are merged
 * @throws {IncompleteRunError} if one is not there
 */
export async function mergeSummaryFiles(
  work: ObjectStore,
  keys: readonly string[],
  into: SummaryWriter,
): Promise<void> {
  const limit = pLimit(FILES_IN_FLIGHT);
  const files = await limit.map(keys, (key) => StoredSummaries.open(work, key));
  for (const names of runsOf(files)) {
    const blocks = await limit.map(files, (file) => file.blocks(names));
    for (const name of names) {
      const ofColumn = blocks.map((block) => block.get(name)).filter((block) => block !== undefined);
      await into.append(name, mergeBlocks(ofColumn));
    }
  }
}

/** What is merged with nothing stays as it is. */
function mergeBlocks([first, ...others]: Uint8Array[]): Uint8Array {
  if (others.length === 0) return first;
  return encodeSummary(
    others.reduce((merged, block) => mergeSummaries(merged, decodeSummary(block)), decodeSummary(first)),
  );
}

/** The columns of all files, cut into runs of neighbours; the names of a run. */
function* runsOf(files: readonly StoredSummaries[]): Generator<string[]> {
  let run: string[] = [];
  let bytes = 0;
  for (const name of new Set(files.flatMap(({ names }) => names))) {
    const length = files.reduce((sum, file) => sum + file.lengthOf(name), 0);
    if (run.length > 0 && bytes + length > LIMITS.reducedSummaryBytes) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(name);
    bytes += length;
  }
  if (run.length > 0) yield run;
}

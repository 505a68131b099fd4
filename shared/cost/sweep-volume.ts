import { type Configuration, columnOptionsOf } from '../contract/configuration.ts';
import type { Model } from '../contract/model.ts';
import type { PlanHeader } from '../contract/stages.ts';

/** What one pass over all rows moves; sums over the partitions. */
export interface SweepVolume {
  /** values decoded, null or not */
  values: number;
  bytesRead: number;
  /** of the data parts; nothing where the pass only summarises */
  bytesWritten: number;
  /** of a column's rows in a partition */
  summaries: number;
  /** requests for column chunks */
  chunkReads: number;
}

/** Bytes a value that a component number and the levels take at most, beside the normalized value. */
const CODE_BYTES = 1;

/**
 * What a pass reads and writes.
 *
 * @param model whose decisions and precisions count; without one, every column that the fit would look at counts as normalized
 * @param writes false for a pass that only summarises
 */
export function sweepVolume(
  header: PlanHeader,
  configuration: Configuration,
  { model, writes }: { model?: Pick<Model, 'decisions' | 'columns'>; writes: boolean },
): SweepVolume {
  const { rows, partitions, workload, columns } = header;
  const actions = new Map((model?.decisions ?? header.decided).map(({ name, action }) => [name, action]));
  const precisions = new Map(model?.columns.map(({ name, precision }) => [name, precision]));
  const volume: SweepVolume = { values: 0, bytesRead: 0, bytesWritten: 0, summaries: 0, chunkReads: 0 };
  for (const [i, { name }] of columns.entries()) {
    const { bytes, wholeReads, pieceReads } = workload.columns[i];
    const { keepOriginal, precision } = columnOptionsOf(configuration, name);
    const isNormalized = (actions.get(name) ?? 'normalize') === 'normalize';
    const isCopied = writes && (isNormalized ? keepOriginal : actions.get(name) === 'pass');
    if (isNormalized) {
      volume.values += rows;
      volume.summaries += partitions;
      volume.chunkReads += wholeReads;
      const valueBytes = (precisions.get(name) ?? precision) === 'float64' ? 8 : 4;
      if (writes) volume.bytesWritten += rows * (valueBytes + CODE_BYTES);
    } else if (isCopied) volume.chunkReads += pieceReads;
    if (isCopied) volume.bytesWritten += bytes;
    if (isNormalized || isCopied) volume.bytesRead += bytes;
  }
  // a pass that only summarises fetches what the fit has chosen of its candidates, which may be less
  const mergedReads = writes ? workload.mergedReads : workload.candidateReads;
  if (volume.bytesRead > 0) volume.chunkReads += workload.smallReads + mergedReads;
  return volume;
}

import { BudgetExceededError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import type { InputObject, Partition, PartitionSlice } from '../contract/stages.ts';

/** What the planner needs to know of one object: plain numbers, no footer. */
export interface PlannedObject extends InputObject {
  /** objects whose fingerprints differ cannot share a part (repetition of columns, flags that define values) */
  fingerprint: string;
  /** in file order */
  rowGroups: { rows: number; totalBytes: number }[];
}

/**
 * Cut the row groups of all objects into partitions of about `partitionBytes` decoded bytes, in input order.
 *
 * The partitions tile the rows: every row group that has rows is in exactly one of them, in order. Small objects
 * share a partition; a row group is never split, so a larger one is a partition by itself. Where that would give
 * more than {@link LIMITS.partitions} partitions, they are made larger.
 *
 * @param objects in the order of their keys
 * @param options `auto`: a {@link LIMITS.wantedPartitions}th of the table, within limits. It depends on the table alone:
 *   the parts must not tell on how many cores they were made
 * @throws {BudgetExceededError} if even the largest partitions would be too many
 */
export function planPartitions(
  objects: readonly PlannedObject[],
  { partitionBytes, root }: { partitionBytes: number | 'auto'; root: string },
): Partition[] {
  const total = objects.reduce((sum, { rowGroups }) => sum + rowGroups.reduce((t, g) => t + g.totalBytes, 0), 0);
  for (let bytes = partitionBytes === 'auto' ? automaticBytes(total) : partitionBytes; ; bytes *= 2) {
    const partitions = cut(objects, bytes, root);
    if (partitions.length <= LIMITS.partitions) return partitions;
    if (bytes > total) {
      throw new BudgetExceededError(
        `a run may have at most ${LIMITS.partitions} partitions, this dataset needs ${partitions.length}: compact its files first`,
      );
    }
  }
}

/** Partitions as plan lines: largest first (ties: input order), so that no straggler starts last. */
export function largestFirst(partitions: readonly Partition[]): Partition[] {
  return [...partitions].sort((a, b) => b.decodedBytes - a.decodedBytes || a.partition - b.partition);
}

function automaticBytes(tableBytes: number): number {
  const { leastPartitionBytes, mostPartitionBytes, wantedPartitions } = LIMITS;
  return Math.max(leastPartitionBytes, Math.min(mostPartitionBytes, tableBytes / wantedPartitions));
}

function cut(objects: readonly PlannedObject[], partitionBytes: number, root: string): Partition[] {
  const partitions: Partition[] = [];
  let open: { partition: Partition; fingerprint: string; lineBytes: number } | undefined;
  for (const { key, etag, sizeBytes, fingerprint, rowGroups } of objects) {
    let rowStart = 0;
    const sliceBytes = Buffer.byteLength(JSON.stringify({ key, etag })) + 100;
    for (const [index, { rows, totalBytes }] of rowGroups.entries()) {
      const first = rowStart;
      rowStart += rows;
      if (rows === 0) continue;
      const last = open?.partition.slices.at(-1);
      const extends_ = last?.key === key && last.rowGroupEnd === index;
      if (
        !open ||
        open.fingerprint !== fingerprint ||
        open.partition.decodedBytes + totalBytes > partitionBytes ||
        (!extends_ && open.lineBytes + sliceBytes > LIMITS.planLineBytes)
      ) {
        const partition = { partition: partitions.length, rows: 0, decodedBytes: 0, firstRow: first, root, slices: [] };
        open = { partition, fingerprint, lineBytes: 200 + Buffer.byteLength(root) };
        partitions.push(partition);
      }
      appendRowGroup(open.partition, { key, etag, sizeBytes, rowGroupStart: index, rowGroupEnd: index + 1 });
      open.partition.rows += rows;
      open.partition.decodedBytes += totalBytes;
      if (!extends_) open.lineBytes += sliceBytes;
    }
  }
  return partitions;
}

function appendRowGroup({ slices }: Partition, slice: PartitionSlice): void {
  const last = slices.at(-1);
  if (last?.key === slice.key && last.rowGroupEnd === slice.rowGroupStart) last.rowGroupEnd = slice.rowGroupEnd;
  else slices.push(slice);
}

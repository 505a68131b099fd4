import * as z from 'zod';

const count = z.int().min(0);

/** How a partition was worked on; differs from run to run. */
export const taskSchema = z.strictObject({
  pass: count,
  partition: count,
  firstObject: z.string(),
  firstRow: count,
  objects: count,
  rows: count,
  bytesRead: count,
  bytesWritten: count,
  secondsRead: z.number().min(0),
  secondsTransform: z.number().min(0),
  secondsWrite: z.number().min(0),
  peakMemoryBytes: count,
});

/** What a transform invocation says it wrote; its last write. */
export const receiptSchema = z.strictObject({
  partition: count,
  pass: count,
  /** of the data part, in the output store */
  key: z.string(),
  etag: z.string(),
  rows: count,
  sizeBytes: count,
  sha256: z.string(),
  task: taskSchema,
});
export type Receipt = z.infer<typeof receiptSchema>;

/** The reason of a partition that is killed before it can leave one. */
export const WORKER_DIED = 'worker died: memory or time';

/** Why a partition has no receipt: written before the transform stage throws for good. */
export const partitionFailureSchema = z.strictObject({
  partition: count,
  pass: count,
  firstObject: z.string(),
  name: z.string(),
  reason: z.string(),
});
export type PartitionFailure = z.infer<typeof partitionFailureSchema>;

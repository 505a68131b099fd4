import { LIMITS } from '../contract/limits.ts';
import type { PlanHeader } from '../contract/stages.ts';
import type { SweepVolume } from './sweep-volume.ts';

/** Requests to S3, by price: GET and HEAD; PUT, POST and LIST. Removals are free. */
export interface Requests {
  gets: number;
  puts: number;
}

/** The configuration beside the data is looked for and then read. */
const CONFIGURATION = 2;
/** One page of a listing. */
const LISTED_OBJECTS = 1000;

/**
 * What the stages ask of their stores, all invocations of a stage together: each function is its stage's reads and
 * writes as they stand in functions/. Nothing is remembered from one invocation to the next, nothing is repeated.
 */
export const stageRequests = {
  start: ({ objects }: PlanHeader): Requests => ({ gets: CONFIGURATION, puts: pages(objects) + 1 }),

  plan: ({ workload }: PlanHeader): Requests => ({ gets: 2 + workload.footerReads, puts: 4 }),

  fit: ({ workload }: PlanHeader): Requests => ({
    gets: workload.sampleReads.reduce((sum, reads) => sum + 4 + reads, 0),
    puts: workload.sampleReads.length,
  }),

  collect: ({ columnGroups }: PlanHeader): Requests => ({ gets: 2 + columnGroups.length, puts: 1 }),

  transform: ({ partitions, workload }: PlanHeader, { chunkReads, bytesWritten }: SweepVolume): Requests => ({
    gets: partitions * 2 + workload.partitionFooterReads + chunkReads,
    puts: partitions * (3 + uploads(bytesWritten / partitions)),
  }),

  reduce: ({ partitions, reduceGroups, columnGroups }: PlanHeader): Requests => ({
    // receipt, metrics; of the summaries the size, the index and, in one run of columns, the blocks
    gets: partitions * (columnGroups.length > 0 ? 5 : 4),
    puts: 2 * reduceGroups,
  }),

  audit: ({ columnGroups, reduceGroups }: PlanHeader): Requests => ({
    // of the summaries the size, the index and the blocks of its own columns
    gets: columnGroups.length * (4 + reduceGroups * 3),
    puts: columnGroups.length,
  }),

  /** @param again whether a better model is written */
  collectAudit: ({ columnGroups }: PlanHeader, again: boolean): Requests => ({
    gets: 2 + columnGroups.length + (again ? 1 : 0),
    puts: again ? 2 : 1,
  }),

  commit: ({ partitions, reduceGroups }: PlanHeader, passes: number): Requests => ({
    gets: 7 + passes * reduceGroups,
    puts: 2 * reduceGroups + 3 + passes * pages(partitions),
  }),
};

/** Requests that one part takes: none for nothing, one put, or the steps of a multipart upload. */
function uploads(sizeBytes: number): number {
  if (sizeBytes === 0) return 0;
  return sizeBytes < LIMITS.uploadPartBytes ? 1 : 2 + Math.ceil(sizeBytes / LIMITS.uploadPartBytes);
}

const pages = (objects: number) => Math.max(1, Math.ceil(objects / LISTED_OBJECTS));

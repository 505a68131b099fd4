import * as z from 'zod';

const count = z.int().min(0);

/** What a plan means in bytes and requests: plan knows the footers, so that nobody who estimates has to read them. */
export const workloadSchema = z.strictObject({
  /** of all partitions */
  decodedBytes: count,
  /** of the largest partition */
  largestPartitionBytes: count,
  /** requests that read the footer of every object once */
  footerReads: count,
  /** requests that read the footers of each partition's objects, none of them remembered from another partition */
  partitionFooterReads: count,
  /** requests that fetch the row groups that are small, whichever of their columns are wanted */
  smallReads: count,
  /** of the others: requests that fetch the chunks that are not large, of all columns that are not dropped */
  mergedReads: count,
  /** the same, of the columns that the fit looks at alone */
  candidateReads: count,
  /** requests that read the sample, footers included; one number a column group */
  sampleReads: z.array(count),
  /** decoded bytes of the sample; all column groups together */
  sampleBytes: count,
  /** one entry a top-level column, in input order */
  columns: z.array(
    z.strictObject({
      /** as stored in the input */
      bytes: count,
      /** of the row groups that are not small: requests that fetch the column's large chunks to normalize it */
      wholeReads: count,
      /** of the row groups that are not small: requests that fetch the column's large chunks to copy it */
      pieceReads: count,
    }),
  ),
});
export type Workload = z.infer<typeof workloadSchema>;

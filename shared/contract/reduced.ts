import * as z from 'zod';
import { metricsRowSchema } from './metrics.ts';
import { partitionFailureSchema, receiptSchema } from './receipt.ts';

/** `reduced/group-N.json`: everything later stages need of a group's partitions, in partition order. */
export const reducedGroupSchema = z.strictObject({
  receipts: z.array(receiptSchema),
  failures: z.array(partitionFailureSchema),
  metrics: z.array(metricsRowSchema),
});
export type ReducedGroup = z.infer<typeof reducedGroupSchema>;

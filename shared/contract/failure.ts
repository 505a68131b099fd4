import * as z from 'zod';
import { FAILED_STATUSES } from './stage-events.ts';

/** `failure.json`: how the last execution of a run that ended badly left it. */
export const failureReportSchema = z.strictObject({
  format: z.literal('modemap-failure'),
  version: z.literal(1),
  dataset: z.string(),
  datasetId: z.string(),
  runId: z.string(),
  execution: z.string(),
  executionArn: z.string(),
  status: z.enum(FAILED_STATUSES),
  /** ms since 1970, as reported; tells one end of an execution from the end after its redrive */
  stopDate: z.number().nullable(),
  /** error name and message of the state that failed; null where the execution was stopped or timed out */
  error: z.string().nullable(),
  cause: z.string().nullable(),
  /** the input changed under way, and a newer run of the dataset exists or is on its way */
  superseded: z.boolean(),
  /** the pass that was being written, or null where no partition had been started */
  pass: z.int().min(0).nullable(),
  /** planned; null where no plan was made */
  plannedPartitions: z.int().min(0).nullable(),
  /** every partition of that pass without receipt */
  partitions: z.array(z.strictObject({ partition: z.int().min(0), firstObject: z.string(), reason: z.string() })),
});
export type FailureReport = z.infer<typeof failureReportSchema>;

/** The port to whom it may concern. */
export interface NotificationPort {
  /** @param subject one line; cut to what the carrier allows */
  publish(subject: string, text: string): Promise<void>;
}

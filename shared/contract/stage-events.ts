import * as z from 'zod';
import { partitionSchema, reduceGroupSchema } from './stages.ts';

/**
 * What the state machine passes to the functions and gets back. Fields a function does not know are ignored, so the
 * state machine may hand over its whole state; every result is below 1 kB but plan's, which grows by 4 bytes a fit group.
 */

const count = z.int().min(0);

/** Which run; `dataset` is the raw name, for logs and messages only. */
export const runEventSchema = z.object({ dataset: z.string(), datasetId: z.string(), runId: z.string() });

/** Which pass holds, or is about to hold, the data; `again`: it is still to be written, by a better model. */
export const sweepSchema = z.object({ pass: count, again: z.boolean() });
export type Sweep = z.infer<typeof sweepSchema>;

/** Input of an execution, written by start. */
export const executionInputSchema = z.object({
  ...runEventSchema.shape,
  /** ISO 8601, UTC, ms: the listing that asked for this execution; newer than the frozen one where a run comes again */
  order: z.string(),
  /** the run has its record: straight to commit */
  committed: z.boolean(),
  /** `{pass: 0, again: false}`: so that commit finds its pass on either way */
  sweep: sweepSchema,
});
export type ExecutionInput = z.infer<typeof executionInputSchema>;

/** plan: the execution's input in; out, the whole state of what follows. */
export const planResultSchema = z.object({
  ...executionInputSchema.shape,
  /** items of the inline map over column groups; may be empty */
  fitGroups: z.array(count),
  partitions: count,
  /** ToleratedFailureCountPath of the transform map */
  toleratedFailureCount: count,
  /** MaxConcurrencyPath of the transform and the reduce map */
  maxConcurrency: z.int().min(1),
  /** false where `fit` is "sample": after the first reduce straight to commit */
  looksBack: z.boolean(),
  /** in the work bucket */
  keys: z.object({
    /** JSONL: items of the transform map */
    plan: z.string(),
    /** JSONL: items of the reduce map */
    groups: z.string(),
    /** prefix of what the maps' result writers leave; no function reads it; without a slash at the end */
    mapResults: z.string(),
  }),
});
export type PlanResult = z.infer<typeof planResultSchema>;

/** fit: pass 0 fits the sample, pass 1 looks back at all rows (the audit). */
export const fitEventSchema = z.object({ ...runEventSchema.shape, pass: count, group: count });
export const fitResultSchema = z.object({ group: count });
export type FitResult = z.infer<typeof fitResultSchema>;

/**
 * collect: the pass of the fit before it in; out, the sweep to go on with. Pass 0 is to be written; pass 1 where
 * `again` says so, else the sweep is that of pass 0, which stands.
 */
export const collectEventSchema = z.object({ ...runEventSchema.shape, pass: count });

/** transform: one line of plan.jsonl and `sweep.pass` in; out, a TransformOutput. */
export const transformEventSchema = z.object({ ...runEventSchema.shape, pass: count, partition: partitionSchema });

/** reduce: one line of groups.jsonl and `sweep.pass`. */
export const reduceEventSchema = z.object({ ...runEventSchema.shape, pass: count, group: reduceGroupSchema });
export const reduceResultSchema = z.object({ group: count });
export type ReduceResult = z.infer<typeof reduceResultSchema>;

/** commit: `sweep.pass`, and the order of the execution. */
export const commitEventSchema = z.object({ ...runEventSchema.shape, pass: count, order: z.string() });
export const commitResultSchema = z.object({
  runId: z.string(),
  status: z.enum(['complete', 'partial']),
  rows: count,
  /** of the run record, in the output bucket */
  recordKey: z.string(),
});
export type CommitResult = z.infer<typeof commitResultSchema>;

/** Statuses of an execution that call the failed function. */
export const FAILED_STATUSES = ['FAILED', 'TIMED_OUT', 'ABORTED'] as const;

/**
 * failed: EventBridge's "Step Functions Execution Status Change" as it comes.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const failedEventSchema = z.object({
  detail: z.object({
    executionArn: z.string(),
    name: z.string(),
    status: z.enum(FAILED_STATUSES),
    /** ms since 1970 */
    stopDate: z.number().nullish(),
    /** the execution's input, as text */
    input: z.string(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});
export const failedResultSchema = z.object({
  runId: z.string(),
  superseded: z.boolean(),
  /** partitions without receipt */
  partitions: count,
  /** of the failure report, in the work bucket */
  failureKey: z.string(),
});
export type FailedResult = z.infer<typeof failedResultSchema>;

import * as z from 'zod';
import type { RunReference } from './keys.ts';
import { columnDecisionSchema, columnModelSchema } from './model.ts';
import { namedRecord } from './named-record.ts';
import { columnAuditSchema } from './run-record.ts';
import { workloadSchema } from './workload.ts';

/** One input object, frozen when the run started. */
export const inputObjectSchema = z.strictObject({
  /** relative to the dataset root */
  key: z.string(),
  etag: z.string(),
  sizeBytes: z.int().min(0),
});
export type InputObject = z.infer<typeof inputObjectSchema>;

/** `inputs.json`: what a run is made of; everything later follows from it. */
export const frozenInputsSchema = z.strictObject({
  format: z.literal('modemap-inputs'),
  version: z.literal(1),
  dataset: z.string(),
  datasetId: z.string(),
  runId: z.string(),
  /** ISO 8601, UTC, ms: when the dataset was listed; the newer listing wins the dataset's table */
  order: z.string(),
  /** key prefix of the dataset in the input store; '' or ending in '/' */
  root: z.string(),
  objects: z.array(inputObjectSchema),
  /** the configuration as given, or null */
  configuration: z.string().nullable(),
  /** memory one transform worker may use */
  memoryBytes: z.int().min(1),
  /** what start saw is wrong with the dataset as a whole: an error for plan to throw */
  problem: z.strictObject({ name: z.string(), message: z.string() }).optional(),
});
export type FrozenInputs = z.infer<typeof frozenInputsSchema>;

/** Some row groups of one object: a piece of a partition. */
export const partitionSliceSchema = z.strictObject({
  ...inputObjectSchema.shape,
  /** half open */
  rowGroupStart: z.int().min(0),
  rowGroupEnd: z.int().min(0),
});
export type PartitionSlice = z.infer<typeof partitionSliceSchema>;

/** A line of `plan.jsonl`: what one transform invocation takes. */
export const partitionSchema = z.strictObject({
  partition: z.int().min(0),
  rows: z.int().min(1),
  decodedBytes: z.int().min(0),
  /** index in its object of the first row of the first slice */
  firstRow: z.int().min(0),
  /** key prefix of the dataset in the input store, as frozen */
  root: z.string(),
  slices: z.array(partitionSliceSchema).min(1),
});
export type Partition = z.infer<typeof partitionSchema>;

/** A line of `groups.jsonl`: the partitions one reduce invocation merges, half open. */
export const reduceGroupSchema = z.strictObject({
  group: z.int().min(0),
  partitionStart: z.int().min(0),
  partitionEnd: z.int().min(0),
});
export type ReduceGroup = z.infer<typeof reduceGroupSchema>;

/** `plan.json`: the totals and the column groups of the fit. */
export const planHeaderSchema = z.strictObject({
  format: z.literal('modemap-plan'),
  version: z.literal(1),
  objects: z.int(),
  rowGroups: z.int(),
  rows: z.int(),
  bytesIn: z.int(),
  partitions: z.int(),
  reduceGroups: z.int(),
  toleratedFailures: z.int(),
  /** memory one transform worker needs beyond what an idle one uses */
  workerBytes: z.int(),
  /** names of the columns each fit invocation decides and fits */
  columnGroups: z.array(z.array(z.string())),
  /** the top-level columns that no fit looks at, with the reason */
  decided: z.array(columnDecisionSchema),
  /** every top-level column in input order, with its type as people write it */
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  /** names of the `k=v` folders, which become STRING columns at the end */
  folderColumns: z.array(z.string()),
  /** what the estimate of time and cost stands on */
  workload: workloadSchema,
  /** what the run is expected to cost at most, US dollars; null where nobody asks for money */
  estimatedDollars: z.number().min(0).nullable(),
  /** what the user should know before the run: tiny row groups, ... */
  warnings: z.array(z.string()),
});
export type PlanHeader = z.infer<typeof planHeaderSchema>;

const sampledRowGroupSchema = z.strictObject({
  ...inputObjectSchema.shape,
  rowGroup: z.int().min(0),
  /** every `step`-th row from `offset` on is read */
  offset: z.int().min(0),
  step: z.int().min(1),
  /** rows of the dataset that one sampled row stands for */
  weight: z.number().positive(),
});
export type SampledRowGroup = z.infer<typeof sampledRowGroupSchema>;

/** `sample.json`: which rows the first fit sees. */
export const samplePlanSchema = z.strictObject({
  /** key prefix of the dataset in the input store, as frozen */
  root: z.string(),
  rowGroups: z.array(sampledRowGroupSchema),
  /** per column of a fit: the row groups whose statistics hold its minimum or maximum, unless sampled whole already */
  extremes: namedRecord(z.array(z.strictObject({ ...inputObjectSchema.shape, rowGroup: z.int().min(0) }))),
});
export type SamplePlan = z.infer<typeof samplePlanSchema>;

/** `fits/group-N.json`: one fit invocation's share of the model. */
export const fitShareSchema = z.strictObject({
  group: z.int(),
  /** finite or not, null or not: rows the fit saw */
  sampledRows: z.int(),
  decisions: z.array(columnDecisionSchema),
  columns: z.array(columnModelSchema),
  /** of a fit to the summary of all rows: how the sample's model compares */
  audit: z.array(columnAuditSchema),
});
export type FitShare = z.infer<typeof fitShareSchema>;

/** `audit-<pass>.json`: all columns, in input order. */
export const auditSchema = z.strictObject({ misled: z.boolean(), columns: z.array(columnAuditSchema) });
export type Audit = z.infer<typeof auditSchema>;

export interface FitInput extends RunReference {
  pass: number;
  group: number;
}
export interface CollectInput extends RunReference {
  pass: number;
}
export interface TransformInput extends RunReference {
  pass: number;
  partition: Partition;
}
export interface ReduceInput extends RunReference {
  pass: number;
  group: ReduceGroup;
}
export interface CommitInput extends RunReference {
  pass: number;
}

/** What the state machine carries from plan to the maps. */
export interface PlanOutput extends RunReference {
  partitions: number;
  fitGroups: number[];
  toleratedFailures: number;
  /** whether the model is to be compared with all rows once they have been seen: `fit` is not "sample" */
  looksBack: boolean;
}

export interface TransformOutput {
  partition: number;
  rows: number;
  sizeBytes: number;
}

export interface CollectOutput {
  /** whether the table is to be written (again), by the next model: the sample misled, or `fit` is "full" */
  again: boolean;
}

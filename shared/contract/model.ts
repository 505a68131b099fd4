import * as z from 'zod';
import { configurationSchema } from './configuration.ts';
import { type BrokenRule, columnRules, modelRules } from './model-rules.ts';

/** Raised only when the bytes of an output part change for the same input, configuration and model. */
export const ALGORITHM_VERSION = 2;

const finite = z.number();
const count = z.int().min(0);

/** One Gaussian, or one point mass (`atom`: one exact value), of a column's mixture. */
export const componentSchema = z.strictObject({
  kind: z.enum(['gaussian', 'atom']),
  /** share of the column's finite values, 0..1 */
  weight: finite.min(0).max(1),
  mean: finite,
  /** > 0 for a Gaussian, 0 for an atom */
  standardDeviation: finite.min(0),
  /** ln weight - ln standardDeviation - ln(2 pi)/2; null for an atom and for a Gaussian of weight 0 */
  logScale: finite.nullable(),
  /** `ctgan` preset only; pruned components come last and are never numbered */
  pruned: z.boolean(),
});
export type Component = z.infer<typeof componentSchema>;

/** A component's number is a TINYINT. */
const MOST_COMPONENTS = 100;

const columnModelFields = z.strictObject({
  name: z.string(),
  physicalType: z.enum(['INT32', 'INT64', 'FLOAT', 'DOUBLE', 'FIXED_LEN_BYTE_ARRAY', 'BYTE_ARRAY']),
  logicalType: z.string().nullable(),
  /** the step of the column: 10^-decimals, or 2^-20 of the interquartile range; > 0 */
  resolution: finite.positive(),
  /** origin of the summary's cells: the sample's median; fixed for the run */
  centre: finite,
  /** of `c_normalized` as stored */
  precision: z.enum(['float32', 'float64']),
  rows: count,
  nulls: count,
  nonFinite: count,
  /** of the finite values; null where there is none */
  min: finite.nullable(),
  max: finite.nullable(),
  /** digits after the point that reproduce every value, or null where no such number exists */
  decimals: z.int().min(0).nullable(),
  components: z.array(componentSchema).min(1).max(MOST_COMPONENTS),
  bitsPerValue: finite.nullable(),
  /** log-likelihood in nats less the penalty for the number of components */
  objective: finite.nullable(),
  iterations: count,
  converged: z.boolean(),
});
export const columnModelSchema = columnModelFields.superRefine((column, context) =>
  addIssues(columnRules(column), context),
);
/** How to apply one column's mixture. Components are numbered by falling weight (ties: rising mean). */
export type ColumnModel = z.infer<typeof columnModelSchema>;

export const columnDecisionSchema = z.strictObject({
  name: z.string(),
  action: z.enum(['normalize', 'pass', 'drop']),
  reason: z.string(),
});
/** What the fit decided to do with a top-level column, and why, in a user's words. */
export type ColumnDecision = z.infer<typeof columnDecisionSchema>;

const modelFields = z.strictObject({
  format: z.literal('modemap-model'),
  version: z.literal(1),
  dataset: z.string(),
  datasetId: z.string(),
  pass: count,
  source: z.strictObject({ kind: z.enum(['sample', 'summary']), rows: count, ofRows: count }),
  options: configurationSchema,
  /** every top-level column of the input, in order */
  decisions: z.array(columnDecisionSchema),
  /** the normalized columns, in input order */
  columns: z.array(columnModelSchema),
});
export const modelSchema = modelFields.superRefine((model, context) => addIssues(modelRules(model), context));
/** `model.json`, version 1. */
export type Model = z.infer<typeof modelSchema>;

function addIssues(rules: Iterable<BrokenRule>, context: z.RefinementCtx): void {
  for (const { path, message } of rules) context.addIssue({ code: 'custom', path, message });
}

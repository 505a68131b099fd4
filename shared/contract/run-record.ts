import * as z from 'zod';

const count = z.int().min(0);

export const runColumnSchema = z.object({
  name: z.string(),
  components: count,
  mean_absolute_error: z.number().nullable(),
  root_mean_square_error: z.number().nullable(),
  max_absolute_error: z.number().nullable(),
  clipped: count,
  low_mass: count,
  nulls: count,
  non_finite: count,
  bits_per_value: z.number().nullable(),
});
export type RunColumn = z.infer<typeof runColumnSchema>;

export const columnAuditSchema = z.object({
  name: z.string(),
  /** log-likelihood a row, in nats, that a fit to all rows gains over the sample's model; where nothing speaks against that, what it gains by a climb */
  gain: z.number().nullable(),
  /** gain above which the sample misled */
  gain_limit: z.number().nullable(),
  /** rows farther than 6 standard deviations from every Gaussian and on no atom, which the refit explains */
  low_mass: z.number(),
  /** rows that a fair sample may leave so */
  low_mass_limit: z.number(),
  /** rows in modes that the sample did not hold: any at all mean that it misled */
  unseen: z.number(),
  misled: z.boolean(),
});
/** What looking back at all rows says of a column's model. */
export type ColumnAudit = z.infer<typeof columnAuditSchema>;

const omittedColumnSchema = z.object({ name: z.string(), reason: z.string() });
/** A column of the parts that the dataset's table in the catalog does not have. */
export type OmittedColumn = z.infer<typeof omittedColumnSchema>;

export const runRecordSchema = z.object({
  dataset: z.string(),
  dataset_id: z.string(),
  run_id: z.string(),
  /** ISO 8601, UTC, ms: when the dataset was listed */
  order: z.string(),
  created_at: z.string(),
  status: z.enum(['complete', 'partial']),
  objects: count,
  rows: count,
  bytes_in: count,
  bytes_out: count,
  partitions: count,
  failed_partitions: count,
  failures: z.array(z.object({ partition: count, first_object: z.string(), reason: z.string() })),
  passes: count,
  /** from the listing to this record */
  seconds: z.number(),
  /** of all transform tasks of all passes: reading, transforming and writing */
  task_seconds: z.number(),
  /** from the input, by the same tasks */
  task_bytes_read: count,
  /** largest resident memory of a process that ran one of them */
  peak_memory_bytes: count,
  /** what plan expected the run to cost at most, US dollars; null where it cost nobody money */
  estimated_dollars: z.number().nullable(),
  data_location: z.string(),
  metrics_location: z.string(),
  model_key: z.string(),
  configuration: z.string(),
  omitted_columns: z.array(omittedColumnSchema),
  columns: z.array(runColumnSchema),
  /** empty where `fit` is "sample" */
  audit: z.array(columnAuditSchema),
});
/** The one object whose existence makes a run committed; one line of JSON, read by the `runs` table. */
export type RunRecord = z.infer<typeof runRecordSchema>;

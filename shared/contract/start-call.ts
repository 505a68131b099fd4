import * as z from 'zod';

/** A direct call of the start function: run this dataset as it is now. */
export const startCallSchema = z.strictObject({ dataset: z.string() });

/**
 * What became of the wish for a run. `joined`: it is running already; `done`: it is committed, and readers of the
 * dataset get it; `failed`: it failed after the wish and is left for a redrive; `waiting`: another run is just being
 * published, the wish is looked at again.
 */
export const startStateSchema = z.enum(['started', 'joined', 'done', 'failed', 'waiting']);
export type StartState = z.infer<typeof startStateSchema>;

/** The answer to it, below 1 kB but for the name. */
export const startedRunSchema = z.object({
  dataset: z.string(),
  datasetId: z.string(),
  runId: z.string(),
  /** of the execution */
  name: z.string(),
  executionArn: z.string(),
  state: startStateSchema,
});
export type StartedRun = z.infer<typeof startedRunSchema>;

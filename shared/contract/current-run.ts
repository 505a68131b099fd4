import * as z from 'zod';

/** An entry of the log of listings: at `order` the dataset was what this run is made of. */
export const listingSchema = z.object({
  runId: z.string(),
  /** ISO 8601, UTC, ms */
  order: z.string(),
});
export type Listing = z.infer<typeof listingSchema>;

/** The run that readers of the dataset get, as stored; the names are those of the run record. */
export const currentRunSchema = z.object({ run_id: z.string(), order: z.string() });

/** The run that readers of a dataset get, and how often that has changed. */
export interface CurrentRun extends Listing {
  /** moves so far */
  move: number;
}

import { type Listing, listingSchema } from '../shared/contract/current-run.ts';
import { outputKeys, type RunReference, runOfWorkKey, workKeys } from '../shared/contract/keys.ts';
import type { ObjectStore, Stores } from '../shared/store/object-store.ts';
import { encodeJson, readJson } from './stage-io.ts';

/**
 * Note that the dataset was, at `order`, what `run` is made of. A run may be asked for again and again (A, then B,
 * then A again), so its frozen inputs cannot say when it was wanted last: this log does.
 *
 * @param order ISO 8601, UTC, ms: the store's time of the listing
 */
export async function logListing(work: ObjectStore, run: RunReference, order: string): Promise<void> {
  const listing: Listing = { runId: run.runId, order };
  await work.write(workKeys.listing(run, order), encodeJson(listing));
}

/** The newest listing of the dataset, or undefined where none is noted (any more). */
export async function newestListing(work: ObjectStore, datasetId: string): Promise<Listing | undefined> {
  for await (const { key } of work.list(workKeys.listings(datasetId))) return readJson(work, key, listingSchema);
  return undefined;
}

/**
 * The newest listing of the dataset whose run is committed: the run that readers should get.
 *
 * @param gone a run that is about to be erased: as if it were not committed
 */
export async function newestCommitted(
  { work, output }: Pick<Stores, 'work' | 'output'>,
  datasetId: string,
  gone?: string,
): Promise<Listing | undefined> {
  const uncommitted = new Set<string | undefined>([gone]);
  for await (const { key } of work.list(workKeys.listings(datasetId))) {
    const listing = await readJson(work, key, listingSchema);
    if (uncommitted.has(listing.runId)) continue;
    if (await output.head(outputKeys.record({ datasetId, runId: listing.runId }))) return listing;
    uncommitted.add(listing.runId);
  }
  return undefined;
}

/** The keys of every entry of the log that names the run. */
export async function listingsOf(work: ObjectStore, { datasetId, runId }: RunReference): Promise<string[]> {
  const keys = [];
  for await (const { key } of work.list(workKeys.listings(datasetId))) {
    if (runOfWorkKey(key)?.runId === runId) keys.push(key);
  }
  return keys;
}

import pLimit from 'p-limit';
import prettyBytes from 'pretty-bytes';
import { LocalStore } from '../../functions/adapters/local-store.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import type { ObjectHead, ObjectStore } from '../../shared/store/object-store.ts';
import type { ViewName } from '../run-views.ts';

/** Parts are held in memory one by one; a few at once fill a line. */
const AT_ONCE = 4;
/** Somebody who waits for more than this wants to know why. */
const WORTH_A_WORD_BYTES = 100e6;

/** Copy the files of some views of a run into a folder on this machine. */
export async function fetchRun(
  store: ObjectStore,
  record: RunRecord,
  views: readonly ViewName[],
  folder: string,
): Promise<void> {
  const run = { datasetId: record.dataset_id, runId: record.run_id };
  const prefixes: Record<ViewName, string[]> = {
    data: [record.data_location],
    metrics: [record.metrics_location],
    tasks: [outputKeys.tasks(run)],
    run: [],
    components: [record.model_key],
  };
  const heads: ObjectHead[] = [];
  for (const prefix of views.flatMap((view) => prefixes[view])) {
    for await (const head of store.list(prefix)) heads.push(head);
  }
  const sizeBytes = heads.reduce((sum, head) => sum + head.sizeBytes, 0);
  if (sizeBytes > WORTH_A_WORD_BYTES) {
    process.stderr.write(`fetching ${prettyBytes(sizeBytes)} in ${heads.length} files\n`);
  }
  const local = new LocalStore(folder);
  const limit = pLimit(AT_ONCE);
  await Promise.all(heads.map(({ key }) => limit(async () => local.write(key, await store.read(key)))));
}

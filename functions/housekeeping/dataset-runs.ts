import pLimit from 'p-limit';
import { outputKeys } from '../../shared/contract/keys.ts';
import { type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { CurrentRuns } from '../current-runs.ts';
import { readJson } from '../stage-io.ts';

/** A committed run, and whether readers of its dataset get it. */
export interface DatasetRun {
  record: RunRecord;
  isCurrent: boolean;
}

const RECORDS_IN_FLIGHT = 32;

/**
 * The committed runs of one dataset or of all, by dataset, the newest listing first. Where nothing says which run is the
 * current one, as in a folder of this machine, it is the newest.
 */
export async function datasetRuns(
  output: ObjectStore,
  currents: CurrentRuns,
  datasetId?: string,
): Promise<DatasetRun[]> {
  const keys: string[] = [];
  for await (const { key } of output.list(
    datasetId === undefined ? outputKeys.records : outputKeys.recordsOf(datasetId),
  ))
    if (key.endsWith('.json')) keys.push(key);
  const records = await pLimit(RECORDS_IN_FLIGHT).map(keys, (key) => readJson(output, key, runRecordSchema));
  records.sort(
    (a, b) => compare(a.dataset_id, b.dataset_id) || compare(b.order, a.order) || compare(b.created_at, a.created_at),
  );
  const currentIds = new Map<string, string>();
  for (const { dataset_id, run_id } of records) {
    if (currentIds.has(dataset_id)) continue;
    currentIds.set(dataset_id, (await currents.read(dataset_id))?.runId ?? run_id);
  }
  return records.map((record) => ({ record, isCurrent: currentIds.get(record.dataset_id) === record.run_id }));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

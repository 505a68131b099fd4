import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { ConfigurationError, IncompleteRunError } from '../shared/contract/errors.ts';
import { outputKeys } from '../shared/contract/keys.ts';
import { type RunRecord, runRecordSchema } from '../shared/contract/run-record.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';

/** A committed run on this machine. */
export interface RunLocation {
  /** the output folder, absolute; the record's keys are relative to it */
  root: string;
  record: RunRecord;
}

/**
 * Resolve the RUN argument: an output folder, which means its newest committed run; `OUT/runs/dataset=NAME`, the newest
 * of one dataset; or `OUT/runs/dataset=NAME/ID.json`, that very run. A run without a record is not there to be seen.
 *
 * @throws {ConfigurationError} if nothing is there, nothing was committed, or several datasets are meant
 * @throws {IncompleteRunError} if a record is not one
 */
export async function locateRun(run: string): Promise<RunLocation> {
  if (run.startsWith('s3://')) {
    throw new ConfigurationError(`RUN must be on this machine, got ${run}; copy it here first (aws s3 sync)`);
  }
  const path = resolve(run);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ConfigurationError(`RUN must exist, ${run} does not; give the output folder of a run`);
  const { root, prefix } = found.isFile() ? placeOfRecord(path, run) : placeOfFolder(path);
  return { root, record: await newestRecord(new LocalStore(root, { readOnly: true }), prefix, root, run) };
}

/**
 * The newest run among the records of an output store.
 *
 * @param prefix of the records in question
 * @param root what the store's keys are relative to, for messages
 * @param run the argument, for messages
 * @throws {ConfigurationError} if nothing was committed, or several datasets are meant
 */
export async function newestRecord(
  store: Pick<ObjectStore, 'list' | 'read'>,
  prefix: string,
  root: string,
  run: string,
): Promise<RunRecord> {
  const records = await readRecords(store, prefix, root);
  const [newest] = records.sort((a, b) => compare(b.order, a.order) || compare(b.created_at, a.created_at));
  if (!newest) {
    throw new ConfigurationError(
      `no committed run in ${run}; make one: modemap run INPUT --out DIR, then give its DIR`,
    );
  }
  const datasets = [...new Set(records.map((record) => record.dataset_id))].sort();
  if (datasets.length > 1) {
    const example = `${root}/${outputKeys.recordsOf(datasets[0])}`.replace(/\/$/, '');
    throw new ConfigurationError(
      `RUN must name one dataset, ${run} holds ${datasets.length}: ${datasets.join(', ')}; for instance give ${example}`,
    );
  }
  return newest;
}

/** The part of an output folder where records are looked for. */
interface Place {
  root: string;
  prefix: string;
}

function placeOfRecord(path: string, run: string): Place {
  const folder = dirname(path);
  if (!path.endsWith('.json') || !isRecordsFolder(folder)) {
    throw new ConfigurationError(
      `RUN must be an output folder or a record in its runs/dataset=NAME, got the file ${run}`,
    );
  }
  return { root: dirname(dirname(folder)), prefix: `${outputKeys.records}${basename(folder)}/${basename(path)}` };
}

function placeOfFolder(path: string): Place {
  if (!isRecordsFolder(path)) return { root: path, prefix: outputKeys.records };
  return { root: dirname(dirname(path)), prefix: `${outputKeys.records}${basename(path)}/` };
}

const isRecordsFolder = (path: string) => basename(path).startsWith('dataset=') && basename(dirname(path)) === 'runs';

async function readRecords(
  store: Pick<ObjectStore, 'list' | 'read'>,
  prefix: string,
  root: string,
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const { key } of store.list(prefix)) {
    if (key.endsWith('.json')) records.push(parseRecord(await store.read(key), `${root}/${key}`));
  }
  return records;
}

function parseRecord(bytes: Uint8Array, path: string): RunRecord {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new IncompleteRunError(`${path} must be a run record: ${(cause as Error).message}`, { cause });
  }
  const result = runRecordSchema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new IncompleteRunError(
    `${path} must be a run record: field ${issue.path.join('.') || '(root)'}: ${issue.message}`,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

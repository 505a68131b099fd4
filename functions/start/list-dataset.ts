import { createHash } from 'node:crypto';
import { LIMITS } from '../../shared/contract/limits.ts';
import { CONFIGURATION_FILE, compareKeys, isHidden, isParquet, MARKER_FILE } from '../../shared/contract/names.ts';
import type { FrozenInputs, InputObject } from '../../shared/contract/stages.ts';
import { stemOf } from './dataset-of-key.ts';
import { isData } from './freeze-inputs.ts';
import type { InputLister, ListedObject } from './ports.ts';

/** A dataset at one moment. Times are the store's, in ms since 1970. */
export interface DatasetListing {
  dataset: string;
  /** when the listing was asked for */
  now: number;
  /** key prefix in the input store; '' for a file at the root */
  root: string;
  /** the data in key order, keys relative to the root */
  objects: InputObject[];
  /** whether anything is there that a run would have to speak of, data or not */
  isEmpty: boolean;
  /** of the newest data object; 0 where there is none */
  dataModified: number;
  /** beside the data; their keys are whole */
  configuration: ListedObject | undefined;
  marker: ListedObject | undefined;
  /** equal for two listings of the same data and configuration */
  digest: string;
  problem: FrozenInputs['problem'];
}

/**
 * List a dataset: the folder of its name, or the one Parquet file of its name at the root. Both is a problem, which
 * is frozen with the run for plan to report.
 *
 * It stops above the objects that a deployed run may have: plan refuses those.
 */
export async function listDataset(lister: InputLister, dataset: string): Promise<DatasetListing> {
  const folder = `${dataset}/`;
  const inFolder = await listFolder(lister, folder);
  const files = await listFiles(lister, dataset);
  const isFile = files.length > 0;
  const root = isFile ? '' : folder;
  const data = [...inFolder.data, ...files].sort((a, b) => compareKeys(a.key, b.key));
  const objects = data.map(({ key, etag, sizeBytes }) => ({ key: key.slice(root.length), etag, sizeBytes }));
  const configuration = isFile ? await findAtRoot(lister, CONFIGURATION_FILE) : inFolder.configuration;
  const ambiguous = files.length + Math.min(1, inFolder.data.length) > 1;
  return {
    dataset,
    now: inFolder.now,
    root,
    objects,
    isEmpty: inFolder.isEmpty && !isFile,
    dataModified: data.reduce((newest, { modified }) => Math.max(newest, modified), 0),
    configuration,
    marker: isFile ? undefined : inFolder.marker,
    digest: digestOf([...data, ...(configuration ? [configuration] : [])]),
    problem: ambiguous ? ambiguity(dataset, data) : undefined,
  };
}

async function listFolder(lister: InputLister, folder: string) {
  const data: ListedObject[] = [];
  let now: number | undefined;
  let isEmpty = true;
  let configuration: ListedObject | undefined;
  let marker: ListedObject | undefined;
  for await (const page of lister.pages(folder)) {
    now ??= page.now;
    for (const object of page.objects) {
      const key = object.key.slice(folder.length);
      if (key === CONFIGURATION_FILE) configuration = object;
      if (key === MARKER_FILE) marker = object;
      if (key === MARKER_FILE || (!isHidden(key) && !key.endsWith('/') && key !== '')) isEmpty = false;
      if (isData(key, object.sizeBytes)) data.push(object);
    }
    if (data.length > LIMITS.objects) break;
  }
  if (now === undefined) throw new TypeError(`a listing of ${folder} must have a page, got none`);
  return { now, data: data.slice(0, LIMITS.objects + 1), isEmpty, configuration, marker };
}

/** The Parquet files of that name at the root, their suffix in whatever case. */
async function listFiles(lister: InputLister, dataset: string): Promise<ListedObject[]> {
  const files: ListedObject[] = [];
  for await (const { objects } of lister.pages(`${dataset}.`, { folder: true })) {
    files.push(...objects.filter(({ key, sizeBytes }) => isParquet(key) && stemOf(key) === dataset && sizeBytes > 0));
  }
  return files;
}

async function findAtRoot(lister: InputLister, name: string): Promise<ListedObject | undefined> {
  for await (const { objects } of lister.pages(name, { folder: true })) {
    const found = objects.find(({ key }) => key === name);
    if (found) return found;
  }
  return undefined;
}

function digestOf(objects: readonly ListedObject[]): string {
  const identity = JSON.stringify(objects.map(({ key, etag, sizeBytes }) => [key, etag, sizeBytes]));
  return createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, 16);
}

function ambiguity(dataset: string, data: readonly ListedObject[]) {
  const first = data.find(({ key }) => !key.includes('/'));
  const other = data.find(({ key }) => key !== first?.key);
  return {
    name: 'ConfigurationError',
    message: `dataset ${JSON.stringify(dataset)} must be one file or one folder, both ${first?.key} and ${other?.key} are there; rename one`,
  };
}

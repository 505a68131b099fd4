import { createHash } from 'node:crypto';
import { workKeys } from '../../shared/contract/keys.ts';
import { ALGORITHM_VERSION } from '../../shared/contract/model.ts';
import { CONFIGURATION_FILE, datasetIdOf, isHidden, isParquet } from '../../shared/contract/names.ts';
import { canonicalJson, parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import { type FrozenInputs, frozenInputsSchema, type InputObject } from '../../shared/contract/stages.ts';
import type { ObjectStore, Stores } from '../../shared/store/object-store.ts';
import { writeJsonOnce } from '../stage-io.ts';

/** What to list and freeze; time is passed in. */
export interface FreezeRequest {
  dataset: string;
  /** key prefix of the dataset in the input store; '' or ending in '/' */
  root: string;
  /** ISO 8601, UTC, ms: when the listing below was asked for */
  order: string;
  /** replaces the configuration beside the data; undefined: use that one */
  configuration?: string;
  memoryBytes: number;
}

/** What to freeze of a listing that has been made. */
export interface ListedDataset extends Pick<FrozenInputs, 'dataset' | 'root' | 'order' | 'memoryBytes' | 'problem'> {
  /** the data in key order, keys relative to the root */
  objects: InputObject[];
  /** the configuration as given, or null */
  configuration: string | null;
}

/** List the dataset once, then freeze what was found: what the local run starts with. */
export function makeFreezeInputs({ input, work }: Pick<Stores, 'input' | 'work'>) {
  return async ({ root, configuration, ...request }: FreezeRequest): Promise<FrozenInputs> => {
    const { objects, hasConfiguration } = await listDataset(input, root);
    const text = configuration ?? (hasConfiguration ? await readConfiguration(input, root) : null);
    return freezeListed(work, { ...request, root, objects, configuration: text });
  };
}

/**
 * Freeze a listing and name the run by its fingerprint; what is stored already wins.
 *
 * Everything later follows from the frozen list, so objects that come or go meanwhile belong to another run.
 * An empty or misconfigured dataset is frozen too: reporting it is the plan stage's business.
 */
export async function freezeListed(work: ObjectStore, listed: ListedDataset): Promise<FrozenInputs> {
  const { dataset, root, order, objects, configuration, memoryBytes, problem } = listed;
  const inputs: FrozenInputs = {
    format: 'modemap-inputs',
    version: 1,
    dataset,
    datasetId: datasetIdOf(dataset),
    runId: fingerprint(objects, configuration),
    order,
    root,
    objects,
    configuration,
    memoryBytes,
    ...(problem && { problem }),
  };
  return writeJsonOnce(work, workKeys.inputs(inputs), inputs, frozenInputsSchema);
}

/** True for what is data: neither hidden nor foreign nor empty. `key` is relative to the dataset's root. */
export const isData = (key: string, sizeBytes: number) => !isHidden(key) && isParquet(key) && sizeBytes > 0;

/** The configuration beside the data, or null where there is none. */
export async function readConfiguration(input: ObjectStore, root: string): Promise<string | null> {
  const key = `${root}${CONFIGURATION_FILE}`;
  return (await input.head(key)) ? new TextDecoder().decode(await input.read(key)) : null;
}

async function listDataset(input: ObjectStore, root: string) {
  const objects: InputObject[] = [];
  let hasConfiguration = false;
  for await (const { key: fullKey, etag, sizeBytes } of input.list(root)) {
    const key = fullKey.slice(root.length);
    if (key === CONFIGURATION_FILE) hasConfiguration = true;
    if (isData(key, sizeBytes)) objects.push({ key, etag, sizeBytes });
  }
  return { objects, hasConfiguration };
}

/** 16 hex digits over everything that decides the output's bytes, and nothing else. */
function fingerprint(objects: readonly InputObject[], text: string | null): string {
  const listed = objects.map(({ key, etag, sizeBytes }) => [key, etag, sizeBytes]);
  const identity = canonicalJson([listed, resolvedOrRaw(text), ALGORITHM_VERSION]);
  return createHash('sha256').update(identity, 'utf8').digest('hex').slice(0, 16);
}

function resolvedOrRaw(text: string | null): unknown {
  try {
    return parseConfiguration(text, CONFIGURATION_FILE);
  } catch {
    return text;
  }
}

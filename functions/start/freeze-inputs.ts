import { createHash } from 'node:crypto';
import { workKeys } from '../../shared/contract/keys.ts';
import { ALGORITHM_VERSION } from '../../shared/contract/model.ts';
import { CONFIGURATION_FILE, datasetIdOf, isHidden, isParquet } from '../../shared/contract/names.ts';
import { canonicalJson, parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import { type FrozenInputs, frozenInputsSchema, type InputObject } from '../../shared/contract/stages.ts';
import type { ObjectStore, Stores } from '../../shared/store/object-store.ts';
import { writeJsonOnce } from '../stage-io.ts';

/** What to freeze; time is passed in. */
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

/**
 * The start stage's core: list the dataset once, freeze what was found, name the run by its fingerprint.
 *
 * Everything later follows from the frozen list, so objects that come or go meanwhile belong to another run.
 * An empty or misconfigured dataset is frozen too: reporting it is the plan stage's business.
 */
export function makeFreezeInputs({ input, work }: Pick<Stores, 'input' | 'work'>) {
  return async ({ dataset, root, order, configuration, memoryBytes }: FreezeRequest): Promise<FrozenInputs> => {
    const { objects, hasConfiguration } = await listDataset(input, root);
    const text = configuration ?? (hasConfiguration ? await readConfiguration(input, root) : null);
    const datasetId = datasetIdOf(dataset);
    const inputs: FrozenInputs = {
      format: 'modemap-inputs',
      version: 1,
      dataset,
      datasetId,
      runId: fingerprint(objects, text),
      order,
      root,
      objects,
      configuration: text,
      memoryBytes,
    };
    return writeJsonOnce(work, workKeys.inputs(inputs), inputs, frozenInputsSchema);
  };
}

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
    if (!isHidden(key) && isParquet(key) && sizeBytes > 0) objects.push({ key, etag, sizeBytes });
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

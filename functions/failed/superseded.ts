import { workKeys } from '../../shared/contract/keys.ts';
import { CONFIGURATION_FILE, isHidden, isParquet, MARKER_FILE } from '../../shared/contract/names.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import { type FrozenInputs, frozenInputsSchema } from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { readJson } from '../stage-io.ts';

/**
 * Whether a newer run of the dataset exists or is on its way, so that a run whose input changed is nobody's worry.
 *
 * A newer run exists where one was frozen later. It is on its way where the dataset starts by settling and holds
 * an object that is not as this run knows it: the event of that very object starts it. A dataset that starts by its marker
 * waits for the next one, which nobody can promise; neither do deletions start anything.
 */
export async function isSuperseded(
  { input, work }: Pick<Stores, 'input' | 'work'>,
  inputs: FrozenInputs,
): Promise<boolean> {
  return (await isStartedAnew(input, inputs)) || (await hasNewerRun(work, inputs));
}

async function isStartedAnew(input: Stores['input'], { root, objects, configuration }: FrozenInputs): Promise<boolean> {
  // valid: a run that read its objects was planned
  if (parseConfiguration(configuration, CONFIGURATION_FILE).start === 'marker') return false;
  if (root === '') return isReplaced(input, objects);
  if (await input.head(`${root}${MARKER_FILE}`)) return false;
  const frozen = new Map(objects.map(({ key, etag }) => [key, etag]));
  for await (const { key: fullKey, etag, sizeBytes } of input.list(root)) {
    const key = fullKey.slice(root.length);
    if (!isHidden(key) && isParquet(key) && sizeBytes > 0 && frozen.get(key) !== etag) return true;
  }
  return false;
}

/** A file at the root of the bucket is a dataset by itself: what lies beside it is not its own. */
async function isReplaced(input: Stores['input'], objects: FrozenInputs['objects']): Promise<boolean> {
  for (const { key, etag } of objects) {
    // listed, not asked for: the stage may list the input but not read it
    for await (const listed of input.list(key)) if (listed.key === key) return listed.etag !== etag;
  }
  return false;
}

async function hasNewerRun(work: Stores['work'], { datasetId, runId, order }: FrozenInputs): Promise<boolean> {
  for await (const { key } of work.list(`${datasetId}/`)) {
    const other = key.split('/')[1];
    if (other === runId || key !== workKeys.inputs({ datasetId, runId: other })) continue;
    if ((await readJson(work, key, frozenInputsSchema)).order > order) return true;
  }
  return false;
}

import { type Forgotten, runOf, surveyForgotten } from '../functions/housekeeping/forget.ts';
import type { House } from '../functions/housekeeping/ports.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import type { RunReference } from '../shared/contract/keys.ts';
import { datasetIdOf } from '../shared/contract/names.ts';

const runIdPattern = /^[0-9a-f]{16}$/;

/**
 * Resolve the DATASET|RUN argument: a dataset, a run's id, or both as `DATASET/RUN`. What has no record counts too: a
 * run that was never committed, and what is left of a removal.
 *
 * @throws {ConfigurationError} if nothing is stored of it, or if it may mean several things
 */
export async function resolveForgotten(house: House, word: string, name: string): Promise<Forgotten> {
  const candidates = await candidatesOf(house, word);
  if (candidates.length === 0) {
    throw new ConfigurationError(
      `DATASET or RUN must be in ${name}, nothing is stored of ${JSON.stringify(word)}; see modemap list ${name}`,
    );
  }
  if (candidates.length > 1) {
    const names = candidates.map(({ datasetId, runId }) => (runId ? `${datasetId}/${runId}` : `dataset ${datasetId}`));
    throw new ConfigurationError(`DATASET or RUN must mean one thing, ${word} means ${names.join(' and ')}`);
  }
  return candidates[0];
}

async function candidatesOf(house: House, word: string): Promise<Forgotten[]> {
  const slash = word.lastIndexOf('/');
  const runId = word.slice(slash + 1);
  if (slash > 0 && runIdPattern.test(runId)) {
    return stored(house, [{ datasetId: datasetIdOf(word.slice(0, slash)), runId }]);
  }
  const runs = runIdPattern.test(word) ? await runsOfId(house, word) : [];
  return [...(word === '' ? [] : await stored(house, [{ datasetId: datasetIdOf(word) }])), ...runs];
}

async function stored(house: House, candidates: Forgotten[]): Promise<Forgotten[]> {
  const surveys = await Promise.all(candidates.map((candidate) => surveyForgotten(house, candidate)));
  return candidates.filter((_, i) => surveys[i].versions > 0);
}

/** Equal files of two datasets are two runs of one id. */
async function runsOfId({ erasers }: House, runId: string): Promise<RunReference[]> {
  const datasetIds = new Set<string>();
  for (const room of ['output', 'work'] as const) {
    for await (const { key } of erasers[room].versions('')) {
      const run = runOf(room, key);
      if (run?.runId === runId) datasetIds.add(run.datasetId);
    }
  }
  return [...datasetIds].sort().map((datasetId) => ({ datasetId, runId }));
}

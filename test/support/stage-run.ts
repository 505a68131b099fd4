import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { makeCollect } from '../../functions/collect/collect.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { makeFit } from '../../functions/fit/fit.ts';
import { makePlan } from '../../functions/plan/plan.ts';
import { makeReduce } from '../../functions/reduce/reduce.ts';
import { readJson, readJsonLines } from '../../functions/stage-io.ts';
import { type FreezeRequest, makeFreezeInputs } from '../../functions/start/freeze-inputs.ts';
import type { TransformProbes } from '../../functions/transform/probes.ts';
import { makeTransform } from '../../functions/transform/transform.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { type Model, modelSchema } from '../../shared/contract/model.ts';
import {
  type Partition,
  type PlanHeader,
  partitionSchema,
  planHeaderSchema,
  reduceGroupSchema,
  type SamplePlan,
  samplePlanSchema,
} from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';

export type MemoryStores = Record<'input' | 'work' | 'output', MemoryStore>;

/** Everything a stage may ask of time and memory, made constant. */
export const PROBES: TransformProbes = { now: () => 0, peakMemoryBytes: () => 0 };
export const ORDER = '2026-01-02T03:04:05.000Z';
export const NOW = () => '2026-01-02T03:05:05.000Z';

/** Fresh stores whose input holds `files`, written in the order given. */
export function storesOf(files: Record<string, Uint8Array>): MemoryStores {
  const stores = { input: new MemoryStore(), work: new MemoryStore(), output: new MemoryStore() };
  for (const [key, bytes] of Object.entries(files)) stores.input.overwrite(key, bytes);
  return stores;
}

export interface RunRequest extends Partial<Omit<FreezeRequest, 'configuration'>> {
  /** replaces the configuration beside the data */
  configuration?: unknown;
  /** columns one fit invocation handles */
  columnsPerFit?: number;
}

const STAGES = ['start', 'plan', 'fit', 'transform', 'reduce', 'audit', 'commit'] as const;

/** Run the stages in order, the last one included, one invocation after the other. */
export async function runUntil(
  last: (typeof STAGES)[number],
  stores: Stores,
  { columnsPerFit, configuration, ...request }: RunRequest = {},
): Promise<RunReference> {
  const text = configuration === undefined ? undefined : JSON.stringify(configuration);
  const freezing = { dataset: 'table', root: '', order: ORDER, memoryBytes: 2e9, configuration: text, ...request };
  const { datasetId, runId } = await makeFreezeInputs(stores)(freezing);
  const run = { datasetId, runId };
  const stages = STAGES.slice(1, STAGES.indexOf(last) + 1);
  for (const stage of stages) await runStage(stage, stores, run, columnsPerFit);
  return run;
}

async function runStage(stage: (typeof STAGES)[number], stores: Stores, run: RunReference, columnsPerFit = 32) {
  if (stage === 'plan') await makePlan(stores)(run, { columnsPerFit });
  if (stage === 'fit' || stage === 'audit') await fitAll(stores, run, stage === 'fit' ? 0 : 1);
  if (stage === 'transform') {
    const transform = makeTransform(stores, PROBES);
    for (const partition of await planned(stores, run)) await transform({ ...run, pass: 0, partition });
  }
  if (stage === 'reduce') {
    for (const group of await readJsonLines(stores.work, workKeys.groups(run), reduceGroupSchema)) {
      await makeReduce(stores)({ ...run, pass: 0, group });
    }
  }
  if (stage === 'commit') await makeCommit(stores, NOW)({ ...run, pass: 0 });
}

async function fitAll(stores: Stores, run: RunReference, pass: number): Promise<void> {
  const { columnGroups } = await planHeaderOf(stores, run);
  for (const group of columnGroups.keys()) await makeFit(stores)({ ...run, pass, group });
  await makeCollect(stores)({ ...run, pass });
}

/** The plan's lines: the largest partition first. */
export const planned = ({ work }: Pick<Stores, 'work'>, run: RunReference): Promise<Partition[]> =>
  readJsonLines(work, workKeys.plan(run), partitionSchema);

export const planHeaderOf = ({ work }: Pick<Stores, 'work'>, run: RunReference): Promise<PlanHeader> =>
  readJson(work, workKeys.planHeader(run), planHeaderSchema);

export const samplePlanOf = ({ work }: Pick<Stores, 'work'>, run: RunReference): Promise<SamplePlan> =>
  readJson(work, workKeys.sample(run), samplePlanSchema);

export const modelOfRun = ({ work }: Pick<Stores, 'work'>, run: RunReference): Promise<Model> =>
  readJson(work, workKeys.model(run, 0), modelSchema);

/** Every object of a store by its key: bytes as text of one character a byte, so that a difference is readable. */
export async function contentsOf(store: MemoryStore, prefix = ''): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for await (const { key } of store.list(prefix)) {
    contents[key] = Buffer.from(await store.read(key)).toString('latin1');
  }
  return contents;
}

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { datasetRuns } from '../../../functions/housekeeping/dataset-runs.ts';
import { forget } from '../../../functions/housekeeping/forget.ts';
import { planPrune, prune } from '../../../functions/housekeeping/prune.ts';
import { MemoryHouse, type ReadyRun, readyRuns } from '../../support/memory-house.ts';

const HOUR_MS = 3_600_000;
const DATASETS = ['table', 'other'];
const VARIANTS = 4;

let ready: Map<string, ReadyRun[]>;
beforeAll(async () => {
  initialiseParquetWasm();
  ready = new Map(await Promise.all(DATASETS.map(async (name) => [name, await readyRuns(name, VARIANTS)] as const)));
});

/** What is known of a committed run. */
interface Known {
  committed: number;
  /** of the listing that the record has */
  order: number;
  /** when its files were last dropped */
  wished: number;
  /** when readers last left it */
  left: number;
}

/** The house as it should be, by dataset and run id. */
class Model {
  readonly datasets = new Map(DATASETS.map((name) => [name, new Map<string, Known>()]));
  /** when the pointer of a dataset was last moved */
  readonly moved = new Map<string, number>();

  runsOf = (dataset: string) => this.datasets.get(dataset)!;

  current(dataset: string): string | undefined {
    return [...this.runsOf(dataset)].sort(([, a], [, b]) => b.wished - a.wished)[0]?.[0];
  }

  /** Do something to a dataset and note which run readers left by it. */
  change(dataset: string, now: number, act: () => void): void {
    const before = this.current(dataset);
    act();
    if (this.current(dataset) === before) return;
    this.moved.set(dataset, now);
    const left = before === undefined ? undefined : this.runsOf(dataset).get(before);
    if (left) left.left = now;
  }

  newest = (dataset: string, keep: number) =>
    [...this.runsOf(dataset)]
      .sort(([, a], [, b]) => b.order - a.order)
      .slice(0, keep)
      .map(([id]) => id);
}

type Step =
  | { does: 'drop'; dataset: string; variant: number }
  | { does: 'wait'; hours: number }
  | { does: 'prune'; dataset: string; keep: number }
  | { does: 'forget run'; dataset: string; variant: number }
  | { does: 'forget dataset'; dataset: string };

const dataset = fc.constantFrom(...DATASETS);
const variant = fc.nat(VARIANTS - 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('drop' as const), dataset, variant }) },
    { weight: 4, arbitrary: fc.record({ does: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }) },
    {
      weight: 3,
      arbitrary: fc.record({ does: fc.constant('prune' as const), dataset, keep: fc.integer({ min: 1, max: 3 }) }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constant('forget run' as const), dataset, variant }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('forget dataset' as const), dataset }) },
  ),
  { minLength: 1, maxLength: 25 },
);

async function take(step: Step, house: MemoryHouse, model: Model): Promise<void> {
  // no two things happen at the same moment
  house.time += 1000;
  const now = house.time;
  if (step.does === 'wait') {
    house.time += step.hours * HOUR_MS;
    return;
  }
  const runs = model.runsOf(step.dataset);
  if (step.does === 'forget dataset') {
    await forget(house, { datasetId: step.dataset });
    model.change(step.dataset, now, () => runs.clear());
    await expectForgotten(house, step.dataset, '');
    return;
  }
  if (step.does === 'prune') {
    const stayed = await prunedTo(house, step);
    expectRightlyPruned(model, step, now, stayed);
    for (const id of [...runs.keys()]) if (!stayed.has(id)) runs.delete(id);
    return;
  }
  const run = ready.get(step.dataset)![step.variant];
  if (step.does === 'drop') {
    await house.drop(run);
    model.change(step.dataset, now, () => {
      const { committed = now, order = now, left = 0 } = runs.get(run.runId) ?? {};
      runs.set(run.runId, { committed, order, wished: now, left });
    });
    return;
  }
  await forget(house, { datasetId: run.datasetId, runId: run.runId });
  model.change(step.dataset, now, () => runs.delete(run.runId));
  await expectForgotten(house, run.datasetId, run.runId);
}

async function prunedTo(house: MemoryHouse, { dataset: datasetId, keep }: Step & { does: 'prune' }) {
  const request = { datasetId, keep, now: house.time };
  const plan = await planPrune(house, request);
  const gone = await prune(house, request, plan);
  expect(gone.map(({ runId }) => runId).sort()).toEqual(plan.goes.map(({ runId }) => runId).sort());
  const stayed = await datasetRuns(house.output, house.currents, datasetId);
  expect(plan.stays.map(({ record }) => record.run_id)).toEqual(stayed.map(({ record }) => record.run_id));
  return new Set(stayed.map(({ record }) => record.run_id));
}

function expectRightlyPruned(model: Model, step: Step & { does: 'prune' }, now: number, stayed: Set<string>): void {
  const youngest = now - 24 * HOUR_MS;
  const safe = [model.current(step.dataset), ...model.newest(step.dataset, step.keep)];
  for (const [id, { committed, left }] of model.runsOf(step.dataset)) {
    if (safe.includes(id) || committed > youngest || left > youngest) expect(stayed).toContain(id);
    else if ((model.moved.get(step.dataset) ?? 0) <= youngest) expect(stayed).not.toContain(id);
  }
}

/** No version of any object, no partition; the table is compared by itself. */
async function expectForgotten({ work, output, catalog }: MemoryHouse, datasetId: string, runId: string) {
  const left = [];
  for await (const { key } of output.versions('')) {
    if (key.includes(`dataset=${datasetId}/`) && key.includes(runId)) left.push(key);
  }
  for await (const { key } of work.versions(`${datasetId}/`)) if (key.includes(runId)) left.push(key);
  for (const run of catalog.partitions) if (run.datasetId === datasetId && run.runId.includes(runId)) left.push(run);
  expect(left).toEqual([]);
}

describe('runs that come and go', () => {
  it('leave the pointer and the table at a whole run or nowhere, keep what must stay, and nothing of what is forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const house = new MemoryHouse();
        const model = new Model();
        for (const step of sequence) {
          await take(step, house, model);
          expect(await house.faults()).toEqual([]);
          for (const name of DATASETS) {
            const runs = await datasetRuns(house.output, house.currents, name);
            expect(runs.map(({ record }) => record.run_id).sort()).toEqual([...model.runsOf(name).keys()].sort());
            expect((await house.currents.read(name))?.runId).toBe(model.current(name));
            expect(house.catalog.tables.get(name)).toBe(model.current(name));
          }
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

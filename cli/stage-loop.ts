import pLimit from 'p-limit';
import { readJsonIfThere, readJsonLines } from '../functions/stage-io.ts';
import { IncompleteRunError, ModemapError, StoreUnavailableError } from '../shared/contract/errors.ts';
import { outputKeys, type RunReference, workKeys } from '../shared/contract/keys.ts';
import { CONFIGURATION_FILE } from '../shared/contract/names.ts';
import { parseConfiguration } from '../shared/contract/parse-configuration.ts';
import { type RunRecord, runRecordSchema } from '../shared/contract/run-record.ts';
import type { CollectOutput } from '../shared/contract/stages.ts';
import {
  type FrozenInputs,
  type PlanHeader,
  type PlanOutput,
  partitionSchema,
  planHeaderSchema,
  reduceGroupSchema,
} from '../shared/contract/stages.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import { affordableWorkers } from './affordable-workers.ts';
import type { RunObserver } from './run-observer.ts';
import { type StagePool, TRANSFORMS_IN_HAND } from './worker-pool.ts';

/** What the loop works with. */
export interface Engine {
  inputs: FrozenInputs;
  /** worker threads at most */
  jobs: number;
  /** bytes the whole process may use */
  memoryBytes: number;
  observer: RunObserver;
  pool: StagePool;
  work: ObjectStore;
  output: ObjectStore;
}

/**
 * The state machine's states as a loop: plan, fit, collect, transform, reduce, look back, and once more where the
 * sample misled; commit.
 */
export async function runStages(run: RunReference, engine: Engine): Promise<RunRecord> {
  const { pool, work, output, observer, jobs } = engine;
  observer.stage('plan');
  const plan = (await pool.run({ stage: 'plan', input: run, fitWorkers: jobs })) as PlanOutput;
  const header = (await readJsonIfThere(work, workKeys.planHeader(run), planHeaderSchema)) as PlanHeader;
  for (const warning of header.warnings) observer.warn(warning);
  const workers = affordableWorkers(engine, header.workerBytes);
  await pool.shrinkTo(workers);
  const limit = pLimit(workers);

  const fitAll = async (pass: number, stage: 'fit' | 'audit') => {
    observer.stage(stage, plan.fitGroups.length);
    await limit.map(plan.fitGroups, async (group) => {
      await pool.run({ stage: 'fit', input: { ...run, pass, group } });
      observer.advance();
    });
    return (await pool.run({ stage: 'collect', input: { ...run, pass } })) as CollectOutput;
  };
  const sweep = async (pass: number) => {
    await transformAll(run, pass, header, engine, workers);
    observer.stage('reduce');
    const groups = await readJsonLines(work, workKeys.groups(run), reduceGroupSchema);
    await limit.map(groups, (group) => pool.run({ stage: 'reduce', input: { ...run, pass, group } }));
  };

  await fitAll(0, 'fit');
  await sweep(0);
  let pass = 0;
  if (plan.looksBack && (await fitAll(1, 'audit')).again) {
    // valid: plan has parsed it
    if (parseConfiguration(engine.inputs.configuration, CONFIGURATION_FILE).fit === 'audit')
      observer.warn(
        'the sample misled: the columns concerned are fitted to all rows and the table is written once more',
      );
    pass = 1;
    await sweep(pass);
  }
  observer.stage('commit');
  await pool.run({ stage: 'commit', input: { ...run, pass } });
  const record = await readJsonIfThere(output, outputKeys.record(run), runRecordSchema);
  if (!record) throw new IncompleteRunError(`${outputKeys.record(run)} must exist after the commit`);
  return record;
}

/** The transform map: partitions largest first, tolerated failures counted, the first one too many ends the run. */
async function transformAll(
  run: RunReference,
  pass: number,
  header: PlanHeader,
  engine: Engine,
  workers: number,
): Promise<void> {
  const { pool, work, observer } = engine;
  const limit = pLimit(workers * TRANSFORMS_IN_HAND);
  const partitions = await readJsonLines(work, workKeys.plan(run), partitionSchema);
  observer.stage('transform', header.partitions, { rows: header.rows, rowsDone: () => pool.rowsDone() });
  let failures = 0;
  await limit.map(partitions, async (partition) => {
    try {
      await pool.run({ stage: 'transform', input: { ...run, pass, partition } });
    } catch (error) {
      if (!isPermanent(error) || ++failures > header.toleratedFailures) {
        limit.clearQueue();
        throw error;
      }
      observer.warn(`partition ${partition.partition} failed and is left out: ${error.message}`);
    }
    observer.advance();
  });
}

/** Errors that trying again cannot mend. */
export const isPermanent = (error: unknown): error is ModemapError =>
  error instanceof ModemapError && !(error instanceof StoreUnavailableError);

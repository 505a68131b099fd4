import { availableParallelism, totalmem } from 'node:os';
import pLimit from 'p-limit';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { sweepTemporaries } from '../functions/adapters/local-temporaries.ts';
import { acquireRunLock } from '../functions/adapters/run-lock.ts';
import { readJsonIfThere, readJsonLines } from '../functions/stage-io.ts';
import { makeFreezeInputs } from '../functions/start/freeze-inputs.ts';
import { IncompleteRunError, ModemapError, StoreUnavailableError } from '../shared/contract/errors.ts';
import { outputKeys, type RunReference, workKeys } from '../shared/contract/keys.ts';
import { LIMITS } from '../shared/contract/limits.ts';
import { CONFIGURATION_FILE } from '../shared/contract/names.ts';
import { parseConfiguration } from '../shared/contract/parse-configuration.ts';
import { type RunRecord, runRecordSchema } from '../shared/contract/run-record.ts';
import {
  type FrozenInputs,
  type PlanHeader,
  type PlanOutput,
  partitionSchema,
  planHeaderSchema,
  reduceGroupSchema,
} from '../shared/contract/stages.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import type { InputLocation } from './input-location.ts';
import { discardRun, prepareOutputFolder, WORK_FOLDER } from './output-folder.ts';
import type { RunObserver } from './run-observer.ts';
import { endOnStopSignals } from './stop-signals.ts';
import { openStagePool, type StagePool } from './worker-pool.ts';

export interface LocalRunOptions {
  input: InputLocation;
  out: string;
  /** worker threads at most */
  jobs: number;
  /** bytes the whole process may use */
  memoryBytes: number;
  /** replaces the configuration beside the data */
  configuration?: string;
  observer: RunObserver;
}

export const defaultJobs = () => availableParallelism();
export const defaultMemoryBytes = () => Math.floor(totalmem() / 4);

/**
 * Run all stages over local folders: the same stage functions as on AWS, a thin loop in place of the state machine.
 *
 * The same command given again goes on where a killed one stopped; a finished run is found done.
 *
 * @returns the run record
 * @throws {ModemapError} if the input, the configuration or a folder is at fault; nothing of the run is left then
 */
export async function localRun(options: LocalRunOptions): Promise<RunRecord> {
  const { input, out, observer } = options;
  const folder = await prepareOutputFolder(out, input.root, input.file);
  const stayOnStopSignals = endOnStopSignals(() => observer.end());
  try {
    const lock = await acquireRunLock(`${folder.path}/${WORK_FOLDER}`);
    try {
      await sweepTemporaries(folder.path);
      return await runLocked(options, folder.path);
    } finally {
      await lock.release();
    }
  } finally {
    observer.end();
    await folder.undo();
    stayOnStopSignals();
  }
}

async function runLocked(options: LocalRunOptions, outputRoot: string): Promise<RunRecord> {
  const { input, memoryBytes, configuration, observer } = options;
  const work = new LocalStore(`${outputRoot}/${WORK_FOLDER}`);
  const output = new LocalStore(outputRoot);
  const freeze = makeFreezeInputs({ input: new LocalStore(input.root, { only: input.file }), work });
  const order = new Date().toISOString();
  observer.stage('list');
  const inputs = await freeze({
    dataset: input.dataset,
    root: '',
    order,
    configuration,
    memoryBytes,
  });
  const run: RunReference = { datasetId: inputs.datasetId, runId: inputs.runId };
  const done = await readJsonIfThere(output, outputKeys.record(run), runRecordSchema);
  if (done) {
    observer.alreadyDone(done);
    return done;
  }
  const setup = { inputRoot: input.root, inputFile: input.file, outputRoot };
  const pool = openStagePool(setup, options.jobs);
  try {
    return await runStages(run, { ...options, pool, work, output, inputs });
  } catch (error) {
    if (isPermanent(error)) await discardRun(outputRoot, run.datasetId, run.runId);
    throw error;
  } finally {
    await pool.close();
  }
}

interface Engine extends Omit<LocalRunOptions, 'input'> {
  inputs: FrozenInputs;
  pool: StagePool;
  work: ObjectStore;
  output: ObjectStore;
}

async function runStages(run: RunReference, engine: Engine): Promise<RunRecord> {
  const { pool, work, output, observer, jobs } = engine;
  observer.stage('plan');
  const plan = (await pool.run({ stage: 'plan', input: run, fitWorkers: jobs })) as PlanOutput;
  const header = (await readJsonIfThere(work, workKeys.planHeader(run), planHeaderSchema)) as PlanHeader;
  for (const warning of header.warnings) observer.warn(warning);

  const limit = pLimit(concurrency(engine, header));
  const fitAll = async (pass: number, stage: 'fit' | 'audit') => {
    observer.stage(stage, plan.fitGroups.length);
    await limit.map(plan.fitGroups, async (group) => {
      await pool.run({ stage: 'fit', input: { ...run, pass, group } });
      observer.advance();
    });
    await pool.run({ stage: 'collect', input: { ...run, pass } });
  };

  await fitAll(0, 'fit');
  await transformAll(run, header, engine, limit);
  observer.stage('reduce');
  const groups = await readJsonLines(work, workKeys.groups(run), reduceGroupSchema);
  await limit.map(groups, (group) => pool.run({ stage: 'reduce', input: { ...run, pass: 0, group } }));
  // valid: plan has parsed it
  const { fit } = parseConfiguration(engine.inputs.configuration, CONFIGURATION_FILE);
  if (fit !== 'sample') await fitAll(1, 'audit');
  observer.stage('commit');
  await pool.run({ stage: 'commit', input: { ...run, pass: 0 } });
  const record = await readJsonIfThere(output, outputKeys.record(run), runRecordSchema);
  if (!record) throw new IncompleteRunError(`${outputKeys.record(run)} must exist after the commit`);
  return record;
}

/** As many workers at once as the memory holds, each with the largest chunk in hand; plan has checked that it holds one. */
function concurrency({ jobs, memoryBytes }: Engine, { workerBytes }: PlanHeader): number {
  const affordable = Math.floor((memoryBytes - LIMITS.idleProcessBytes) / (LIMITS.idleWorkerBytes + workerBytes));
  return Math.max(1, Math.min(jobs, affordable));
}

/** The transform map: partitions largest first, tolerated failures counted, the first one too many ends the run. */
async function transformAll(
  run: RunReference,
  header: PlanHeader,
  engine: Engine,
  limit: ReturnType<typeof pLimit>,
): Promise<void> {
  const { pool, work, observer } = engine;
  const partitions = await readJsonLines(work, workKeys.plan(run), partitionSchema);
  observer.stage('transform', header.partitions, { rows: header.rows, rowsDone: () => pool.rowsDone() });
  let failures = 0;
  await limit.map(partitions, async (partition) => {
    try {
      await pool.run({ stage: 'transform', input: { ...run, pass: 0, partition } });
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

const isPermanent = (error: unknown): error is ModemapError =>
  error instanceof ModemapError && !(error instanceof StoreUnavailableError);

import { availableParallelism, totalmem } from 'node:os';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { sweepTemporaries } from '../functions/adapters/local-temporaries.ts';
import { acquireRunLock } from '../functions/adapters/run-lock.ts';
import { readJsonIfThere } from '../functions/stage-io.ts';
import { makeFreezeInputs } from '../functions/start/freeze-inputs.ts';
import { outputKeys, type RunReference } from '../shared/contract/keys.ts';
import { type RunRecord, runRecordSchema } from '../shared/contract/run-record.ts';
import { LEAST_TRANSFORM_BYTES } from '../shared/parquet/budget.ts';
import { affordableWorkers } from './affordable-workers.ts';
import type { InputLocation } from './input-location.ts';
import { discardRun, prepareOutputFolder, WORK_FOLDER } from './output-folder.ts';
import type { RunObserver } from './run-observer.ts';
import { isPermanent, runStages } from './stage-loop.ts';
import { endOnStopSignals } from './stop-signals.ts';
import { openStagePool } from './worker-pool.ts';

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
  // how much one needs is known once the plan is made
  const pool = openStagePool(setup, affordableWorkers(options, LEAST_TRANSFORM_BYTES));
  try {
    return await runStages(run, { ...options, pool, work, output, inputs });
  } catch (error) {
    // before anything is taken away: a worker that goes on would put it back
    await pool.close();
    if (isPermanent(error)) await discardRun(outputRoot, run.datasetId, run.runId);
    throw error;
  } finally {
    await pool.close();
  }
}

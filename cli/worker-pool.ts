import { Piscina } from 'piscina';
import { reviveError } from '../shared/contract/errors.ts';
import type { StageOutput, StageResult, StageTask, WorkerSetup } from './stage-task.ts';

/** Runs stages on a fixed number of worker threads; data never passes through the parent. */
export interface StagePool {
  run(task: StageTask): Promise<StageOutput>;
  /** rows transformed so far, over all workers */
  rowsDone(): number;
  /** Stop the workers, whatever they are doing. */
  close(): Promise<void>;
}

/** Start a pool of `threads` workers over the folders of `setup`. */
export function openStagePool(setup: Omit<WorkerSetup, 'counters'>, threads: number): StagePool {
  const counters = new SharedArrayBuffer(8);
  const rows = new BigInt64Array(counters);
  const workerData: WorkerSetup = { ...setup, counters };
  const pool = new Piscina<StageTask, StageResult>({
    filename: new URL('./stage-worker.js', import.meta.url).href,
    workerData,
    minThreads: 1,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
  });
  return {
    async run(task) {
      const result = await pool.run(task);
      if ('error' in result) throw reviveError(result.error);
      return result.output;
    },
    rowsDone: () => Number(Atomics.load(rows, 0)),
    close: () => pool.destroy(),
  };
}

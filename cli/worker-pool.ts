import { Piscina } from 'piscina';
import { BudgetExceededError, reviveError } from '../shared/contract/errors.ts';
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
  let isClosed = false;
  return {
    async run(task) {
      const result = await runSurviving(pool, task, () => isClosed);
      if ('error' in result) throw reviveError(result.error);
      return result.output;
    },
    rowsDone: () => Number(Atomics.load(rows, 0)),
    close: () => {
      isClosed = true;
      return pool.destroy();
    },
  };
}

/** A worker may die with a task in hand, of memory or because another task had poisoned it; stages can be repeated. */
const MOST_DEATHS = 2;

async function runSurviving(
  pool: Piscina<StageTask, StageResult>,
  task: StageTask,
  isClosed: () => boolean,
): Promise<StageResult> {
  for (let deaths = 0; ; deaths++) {
    try {
      return await pool.run(task);
    } catch (cause) {
      if (isClosed()) throw cause;
      if (deaths < MOST_DEATHS) continue;
      throw new BudgetExceededError(
        `a worker died ${deaths + 1} times in the ${task.stage} stage (${(cause as Error).message}): give it more memory, fewer --jobs, or smaller row groups`,
        { cause },
      );
    }
  }
}

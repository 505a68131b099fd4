import { Piscina } from 'piscina';
import { BudgetExceededError, reviveError } from '../shared/contract/errors.ts';
import type { StageOutput, StageResult, StageTask, WorkerSetup } from './stage-task.ts';
import { tierUpLater } from './tier-up-later.ts';

/** Runs stages on a fixed number of worker threads; data never passes through the parent. */
export interface StagePool {
  run(task: StageTask): Promise<StageOutput>;
  /** rows transformed so far, over all workers */
  rowsDone(): number;
  /** Go on with fewer threads, if there are more; nothing may be in hand. */
  shrinkTo(threads: number): Promise<void>;
  /** Stop the workers, whatever they are doing. */
  close(): Promise<void>;
}

/**
 * A worker has two transforms in hand: while the part of one is synced and gets its name, the other is worked on. They
 * take turns by themselves, so that no more memory is in use than one needs.
 */
export const TRANSFORMS_IN_HAND = 2;

/** Start a pool of up to `threads` workers over the folders of `setup`; each starts when it is first needed, and stays. */
export function openStagePool(setup: Omit<WorkerSetup, 'counters'>, threads: number): StagePool {
  const counters = new SharedArrayBuffer(8);
  const rows = new BigInt64Array(counters);
  const workerData: WorkerSetup = { ...setup, counters };
  tierUpLater();
  let pool = startPool(workerData, threads);
  let isClosed = false;
  return {
    async run(task) {
      const result = await runSurviving(
        () => pool,
        task,
        () => isClosed,
      );
      if ('error' in result) throw reviveError(result.error);
      return result.output;
    },
    rowsDone: () => Number(Atomics.load(rows, 0)),
    async shrinkTo(fewer) {
      if (fewer >= pool.options.maxThreads) return;
      await pool.destroy();
      pool = startPool(workerData, fewer);
    },
    close: () => {
      isClosed = true;
      return pool.destroy();
    },
  };
}

function startPool(workerData: WorkerSetup, threads: number): Piscina<StageTask, StageResult> {
  return new Piscina<StageTask, StageResult>({
    // from the folder of the commands or from that of the chunks they share
    filename: new URL('../cli/stage-worker.js', import.meta.url).href,
    workerData,
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    concurrentTasksPerWorker: TRANSFORMS_IN_HAND,
    loadBalancer: ({ name }, workers) => {
      const idle = workers.find(({ currentUsage }) => currentUsage === 0);
      if (idle || name !== TRANSFORM || workers.length < threads) return idle ?? null;
      return workers.find(({ currentUsage }) => currentUsage < TRANSFORMS_IN_HAND) ?? null;
    },
  });
}

/** The worker's function of that name does what its default does; by the name the pool knows what may be doubled. */
const TRANSFORM = 'transform';

/** A worker may die with a task in hand, of memory or because another task had poisoned it; stages can be repeated. */
const MOST_DEATHS = 2;

async function runSurviving(
  pool: () => Piscina<StageTask, StageResult>,
  task: StageTask,
  isClosed: () => boolean,
): Promise<StageResult> {
  for (let deaths = 0; ; deaths++) {
    try {
      return await pool().run(task, task.stage === TRANSFORM ? { name: TRANSFORM } : {});
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

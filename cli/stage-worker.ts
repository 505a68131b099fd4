import { workerData } from 'node:worker_threads';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { offerParquetWasm } from '../functions/adapters/parquet-wasm.ts';
import { makeCollect } from '../functions/collect/collect.ts';
import { makeCommit } from '../functions/commit/commit.ts';
import { makeFit } from '../functions/fit/fit.ts';
import { makePlan } from '../functions/plan/plan.ts';
import { makeReduce } from '../functions/reduce/reduce.ts';
import { makeTransform } from '../functions/transform/transform.ts';
import { serializeError } from '../shared/contract/errors.ts';
import { isPoisoned } from '../shared/parquet/decode-column.ts';
import type { Stores } from '../shared/store/object-store.ts';
import { WORK_FOLDER } from './output-folder.ts';
import type { StageOutput, StageResult, StageTask, WorkerSetup } from './stage-task.ts';

const { inputRoot, inputFile, outputRoot, counters } = workerData as WorkerSetup;
const rowsDone = new BigInt64Array(counters);

offerParquetWasm();
const stores: Stores = {
  input: new LocalStore(inputRoot, { only: inputFile }),
  work: new LocalStore(`${outputRoot}/${WORK_FOLDER}`),
  output: new LocalStore(outputRoot),
};
const plan = makePlan(stores);
const fitColumns = makeFit(stores);
const collect = makeCollect(stores);
const transformPartition = makeTransform(stores, {
  now: () => performance.now() / 1000,
  peakMemoryBytes: () => process.resourceUsage().maxRSS * 1024,
  onRows: (rows) => Atomics.add(rowsDone, 0, BigInt(rows)),
});
const reduce = makeReduce(stores);
const commit = makeCommit(stores, () => new Date().toISOString());

/** Run one stage, as a Lambda invocation would; the pool calls this for every task. */
export default async function runStage(task: StageTask): Promise<StageResult> {
  try {
    return { output: await dispatch(task) };
  } catch (error) {
    // a decoder that has panicked may be wrong from now on: this thread ends once it has answered
    if (isPoisoned()) setImmediate(() => process.exit(1));
    return { error: serializeError(error) };
  }
}

/** The same, under the name by which the pool knows transforms. */
export { runStage as transform };

async function dispatch(task: StageTask): Promise<StageOutput> {
  switch (task.stage) {
    case 'plan':
      return plan(task.input, { fitWorkers: task.fitWorkers });
    case 'fit':
      await fitColumns(task.input);
      return undefined;
    case 'collect':
      return collect(task.input);
    case 'transform':
      return transformPartition(task.input);
    case 'reduce':
      await reduce(task.input);
      return undefined;
    case 'commit':
      await commit(task.input);
      return undefined;
  }
}

import { S3Store } from '../../functions/adapters/s3-store.ts';
import { makeCollect } from '../../functions/collect/collect.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { makeFit } from '../../functions/fit/fit.ts';
import { makePlan, type PlanOptions } from '../../functions/plan/plan.ts';
import { makeReduce } from '../../functions/reduce/reduce.ts';
import { readJson, readJsonLines } from '../../functions/stage-io.ts';
import { makeFreezeInputs } from '../../functions/start/freeze-inputs.ts';
import { makeTransform } from '../../functions/transform/transform.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import { type Model, modelSchema } from '../../shared/contract/model.ts';
import { CONFIGURATION_FILE } from '../../shared/contract/names.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { type PlanHeader, partitionSchema, planHeaderSchema, reduceGroupSchema } from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { FakeS3 } from './fake-s3.ts';
import { NOW, ORDER, PROBES } from './stage-run.ts';

/** What S3 saw of one stage. */
export interface CountedStage {
  stage: string;
  invocations: number;
  gets: number;
  puts: number;
}

export interface CountedRun {
  header: PlanHeader;
  model: Model;
  record: RunRecord;
  stages: CountedStage[];
}

const FREE = ['DeleteObjectCommand', 'AbortMultipartUploadCommand'];
const GETS = ['GetObjectCommand', 'HeadObjectCommand'];

/**
 * Run all stages over the S3 store and count the requests that reach S3; every invocation is a new one that remembers
 * nothing, as on a cold environment.
 */
export async function countedRun(
  files: Record<string, Uint8Array>,
  configuration: unknown,
  options: PlanOptions = {},
): Promise<CountedRun> {
  const s3 = { input: new FakeS3(), work: new FakeS3(), output: new FakeS3() };
  for (const [key, bytes] of Object.entries(files)) s3.input.store(key, bytes);
  s3.input.store(CONFIGURATION_FILE, Buffer.from(JSON.stringify(configuration)));
  const storeOf = ({ client }: FakeS3) => new S3Store({ client, bucket: 'b' });
  const stores: Stores = { input: storeOf(s3.input), work: storeOf(s3.work), output: storeOf(s3.output) };

  const seen = () => Object.values(s3).flatMap(({ mock }) => mock.calls().map((call) => call.args[0].constructor.name));
  const stages: CountedStage[] = [];
  const counted = async <Input, Output>(
    stage: string,
    inputs: readonly Input[],
    invoke: (input: Input) => Promise<Output>,
  ): Promise<Output[]> => {
    for (const { mock } of Object.values(s3)) mock.resetHistory();
    const outputs: Output[] = [];
    for (const input of inputs) outputs.push(await invoke(input));
    const paid = seen().filter((name) => !FREE.includes(name));
    const gets = paid.filter((name) => GETS.includes(name)).length;
    stages.push({ stage, invocations: inputs.length, gets, puts: paid.length - gets });
    return outputs;
  };

  const [{ datasetId, runId }] = await counted(
    'start',
    [{ dataset: 'table', root: '', order: ORDER, memoryBytes: 2e9 }],
    (request) => makeFreezeInputs(stores)(request),
  );
  const run = { datasetId, runId };
  const [{ fitGroups }] = await counted('plan', [run], (input) => makePlan(stores)(input, options));
  const partitions = await readJsonLines(stores.work, workKeys.plan(run), partitionSchema);
  const groups = await readJsonLines(stores.work, workKeys.groups(run), reduceGroupSchema);
  const fitGroup = async (stage: string, pass: number) => {
    await counted(stage, fitGroups, (group) => makeFit(stores)({ ...run, pass, group }));
    const [{ again }] = await counted('collect', [pass], () => makeCollect(stores)({ ...run, pass }));
    return again;
  };
  const sweep = async (pass: number) => {
    await counted('transform', partitions, (partition) => makeTransform(stores, PROBES)({ ...run, pass, partition }));
    await counted('reduce', groups, (group) => makeReduce(stores)({ ...run, pass, group }));
  };

  await fitGroup('fit', 0);
  const model = await readJson(stores.work, workKeys.model(run, 0), modelSchema);
  await sweep(0);
  const again = model.options.fit !== 'sample' && (await fitGroup('audit', 1));
  if (again) await sweep(1);
  const [record] = await counted('commit', [again ? 1 : 0], (pass) => makeCommit(stores, NOW)({ ...run, pass }));
  const header = await readJson(stores.work, workKeys.planHeader(run), planHeaderSchema);
  return { header, model, record, stages };
}

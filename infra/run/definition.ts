import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  Choice,
  Condition,
  DistributedMap,
  type IChainable,
  Map as InlineMap,
  JsonPath,
  OutputType,
  ResultWriterV2,
  S3JsonLItemReader,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
  Transformation,
  WriterConfig,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeJsonPathProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { StageFunction } from '../stage-function.ts';
import type { RunFunctions, RunStage } from '../stage-functions.ts';
import { RETRIES } from './retries.ts';

/** An inline map runs no more than 40 iterations at once. */
const FITS_AT_ONCE = 40;
/** Lambda's own time-out comes first and says more; this one is for an answer that was lost. */
const ANSWER_LATE = Duration.seconds(30);

/** Labels of the distributed maps: their child executions are named by them. */
export const MAP_LABELS = ['transform', 'reduce'] as const;

const run = {
  dataset: JsonPath.stringAt('$.dataset'),
  datasetId: JsonPath.stringAt('$.datasetId'),
  runId: JsonPath.stringAt('$.runId'),
};
const sweep = { pass: JsonPath.numberAt('$.sweep.pass') };

/**
 * A run as states: plan, fit, collect, transform, reduce, look back, and once more where the sample misled; commit.
 *
 * The state is the plan stage's result, below 200 kB whatever the dataset: items of the maps come from the work
 * bucket, results of the maps go there, and only `sweep` changes under way. No state catches: a caught state cannot
 * be redriven.
 */
export function runDefinition(scope: Construct, functions: RunFunctions, work: IBucket): IChainable {
  const invoke = (id: string, stage: RunStage, props: Partial<LambdaInvokeJsonPathProps>) =>
    invokeStage(scope, id, functions[stage], props);

  const commit = invoke('Commit', 'commit', {
    payload: TaskInput.fromObject({ ...run, ...sweep, order: JsonPath.stringAt('$.order') }),
    outputPath: '$.Payload',
  }).next(new Succeed(scope, 'Committed'));

  const fitAll = (id: string, pass: number) =>
    new InlineMap(scope, id, {
      itemsPath: '$.fitGroups',
      itemSelector: { ...run, pass, group: JsonPath.numberAt('$$.Map.Item.Value') },
      maxConcurrency: FITS_AT_ONCE,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(invoke(`${id} column group`, 'fit', { outputPath: '$.Payload' }));

  const collect = (id: string, pass: number) =>
    invoke(id, 'collect', {
      payload: TaskInput.fromObject({ ...run, pass }),
      resultSelector: { 'pass.$': '$.Payload.pass', 'again.$': '$.Payload.again' },
      resultPath: '$.sweep',
    });

  const mapOver = (id: string, stage: 'transform' | 'reduce', item: 'partition' | 'group') =>
    new DistributedMap(scope, id, {
      label: stage,
      mapExecutionType: StateMachineType.STANDARD,
      itemReader: new S3JsonLItemReader({
        bucket: work,
        key: JsonPath.stringAt(stage === 'transform' ? '$.keys.plan' : '$.keys.groups'),
      }),
      itemSelector: { ...run, ...sweep, [item]: JsonPath.objectAt('$$.Map.Item.Value') },
      maxConcurrencyPath: '$.maxConcurrency',
      ...(stage === 'transform' && { toleratedFailureCountPath: '$.toleratedFailureCount' }),
      resultWriterV2: new ResultWriterV2({
        bucket: work,
        prefix: JsonPath.stringAt('$.keys.mapResults'),
        writerConfig: new WriterConfig({ transformation: Transformation.COMPACT, outputType: OutputType.JSONL }),
      }),
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(invoke(`${id} ${item}`, stage, { outputPath: '$.Payload' }));

  const transform = mapOver('Transform', 'transform', 'partition');
  const again = new Choice(scope, 'Sample misled?')
    .when(Condition.booleanEquals('$.sweep.again', true), transform)
    .otherwise(commit);
  const lookBack = new Choice(scope, 'Look back?')
    .when(
      Condition.and(Condition.numberEquals('$.sweep.pass', 0), Condition.booleanEquals('$.looksBack', true)),
      fitAll('Audit', 1).next(collect('Collect audit', 1)).next(again),
    )
    .otherwise(commit);

  const plan = invoke('Plan', 'plan', { outputPath: '$.Payload' })
    .next(fitAll('Fit', 0))
    .next(collect('Collect', 0))
    .next(transform)
    .next(mapOver('Reduce', 'reduce', 'group'))
    .next(lookBack);
  return new Choice(scope, 'Committed before?')
    .when(Condition.booleanEquals('$.committed', true), commit)
    .otherwise(plan);
}

/** A task that calls one version of a stage's function and tries again what may pass. */
function invokeStage(
  scope: Construct,
  id: string,
  { version, timeout }: StageFunction<RunStage>,
  props: Partial<LambdaInvokeJsonPathProps>,
): LambdaInvoke {
  const task = LambdaInvoke.jsonPath(scope, id, {
    lambdaFunction: version,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(timeout.plus(ANSWER_LATE)),
    ...props,
  });
  for (const retry of RETRIES) task.addRetry(retry);
  return task;
}

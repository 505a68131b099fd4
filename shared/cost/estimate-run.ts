import type { Configuration } from '../contract/configuration.ts';
import type { Deployment } from '../contract/deployment.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Model } from '../contract/model.ts';
import type { Prices } from '../contract/prices.ts';
import type { PlanHeader } from '../contract/stages.ts';
import { inlineMap, type StageEstimate, single, sweepMap } from './stage-estimate.ts';
import { type Requests, stageRequests } from './stage-requests.ts';
import { fitSeconds, lookBackSeconds, planSeconds, reduceSeconds, sweepSeconds } from './stage-seconds.ts';
import { type SweepVolume, sweepVolume } from './sweep-volume.ts';

/** What a run uses, and what it costs. */
export interface RunEstimate extends Requests {
  invocations: number;
  gbSeconds: number;
  transitions: number;
  dollars: number;
  minutes: number;
  stages: StageEstimate[];
}

/** Both ends of what may happen; the second one is null where no look back can ask for more. */
export interface RunEstimates {
  expected: RunEstimate;
  withSecondPass: RunEstimate | null;
}

/**
 * What a run would use and cost on AWS, from its plan alone.
 *
 * Requests are those of the stages on cold environments; seconds are theirs on one vCPU by measured speeds. Retries,
 * what SQS, EventBridge and Step Functions themselves ask of S3, logs, traces and the storage of the output are not in
 * it.
 *
 * @param model what the fit decided; without one every column it would look at counts as normalized
 */
export function estimateRun(
  header: PlanHeader,
  configuration: Configuration,
  { deployment, model }: { deployment: Deployment; model?: Pick<Model, 'decisions' | 'columns'> },
): RunEstimates {
  const stages = stagesOf(header, configuration, deployment, model);
  const { fit } = configuration;
  const once = [...stages.first, ...(fit === 'sample' ? [] : stages.look(fit === 'full'))];
  const total = (parts: StageEstimate[]) => totalOf(parts, deployment);
  if (fit === 'full') return { expected: total([...once, ...stages.again, stages.commit(2)]), withSecondPass: null };
  const expected = total([...once, stages.commit(1)]);
  if (fit === 'sample') return { expected, withSecondPass: null };
  return {
    expected,
    withSecondPass: total([...stages.first, ...stages.look(true), ...stages.again, stages.commit(2)]),
  };
}

function stagesOf(
  header: PlanHeader,
  configuration: Configuration,
  { memoryMegabytes, concurrency }: Deployment,
  model: Pick<Model, 'decisions' | 'columns'> | undefined,
) {
  const { partitions, reduceGroups, columnGroups, workload } = header;
  const { fit } = configuration;
  const candidates = columnGroups.reduce((sum, names) => sum + names.length, 0);
  const columns = model?.columns.length ?? candidates;
  const sweep = (volume: SweepVolume) => [
    sweepMap(
      'transform',
      {
        invocations: partitions,
        asked: stageRequests.transform(header, volume),
        work: sweepSeconds(volume, memoryMegabytes),
        largest: workload.largestPartitionBytes / Math.max(1, workload.decodedBytes),
      },
      concurrency,
    ),
    sweepMap(
      'reduce',
      {
        invocations: reduceGroups,
        asked: stageRequests.reduce(header),
        work: reduceSeconds(partitions, columns, memoryMegabytes),
        largest: Math.min(1, LIMITS.reduceGroupPartitions / partitions),
      },
      concurrency,
    ),
  ];
  const mostColumns = columnGroups.reduce((most, names) => Math.max(most, names.length), 0);
  const fits = (stage: string, asked: Requests, work: number) =>
    inlineMap(stage, {
      invocations: columnGroups.length,
      asked,
      work,
      largest: mostColumns / Math.max(1, candidates),
    });
  const planAsked = stageRequests.plan(header);
  return {
    first: [
      single('start', stageRequests.start(header)),
      single('plan', planAsked, planSeconds(header, planAsked, memoryMegabytes)),
      fits('fit', stageRequests.fit(header), fitSeconds(candidates, workload.sampleBytes, memoryMegabytes)),
      single('collect', stageRequests.collect(header)),
      ...sweep(sweepVolume(header, configuration, { model, writes: fit !== 'full' })),
    ],
    look: (again: boolean) => [
      fits('audit', stageRequests.audit(header), lookBackSeconds(columns, memoryMegabytes)),
      single('collect', stageRequests.collectAudit(header, again)),
    ],
    again: sweep(sweepVolume(header, configuration, { model, writes: true })),
    commit: (passes: number) => single('commit', stageRequests.commit(header, passes)),
  };
}

function totalOf(stages: StageEstimate[], { memoryMegabytes, prices }: Deployment): RunEstimate {
  const sum = (figure: (stage: StageEstimate) => number) => stages.reduce((total, stage) => total + figure(stage), 0);
  const used = {
    invocations: sum(({ invocations }) => invocations),
    gbSeconds: (sum(({ seconds }) => seconds) * memoryMegabytes) / 1024,
    gets: sum(({ gets }) => gets),
    puts: sum(({ puts }) => puts),
    transitions: sum(({ transitions }) => transitions),
  };
  return { ...used, dollars: priceOf(used, prices), minutes: sum((stage) => stage.elapsedSeconds) / 60, stages };
}

function priceOf(used: Omit<RunEstimate, 'dollars' | 'minutes' | 'stages'>, prices: Prices): number {
  return (
    used.gbSeconds * prices.lambdaGbSecond +
    used.invocations * prices.lambdaInvocation +
    used.transitions * prices.transition +
    used.gets * prices.s3Get +
    used.puts * prices.s3Put
  );
}

import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../shared/contract/environment.ts';
import { METRIC_NAMESPACE, METRICS } from '../shared/contract/observed.ts';
import type { StageFunction } from './stage-function.ts';

const PERIOD = Duration.minutes(5);
/** A message waits at most 900 s by its own delay; what waits longer waits for a function that fails. */
const OLDEST_MESSAGE = Duration.minutes(30);
/** A burst is retried away; a quarter of an hour of throttling is a concurrency above the account's quota. */
const THROTTLED_PERIODS = 3;
/** Share of the time-out after which the next, slightly larger partition may not make it. */
const LONG = 0.9;

export interface AlarmsProps {
  topic: Topic;
  queue: Queue;
  /** queues that hold what nobody could handle */
  deadLetters: Record<string, Queue>;
  functions: StageFunction<Stage>[];
}

/** What somebody should look at, each with the sentence that says what it means. */
export class Alarms extends Construct {
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, { topic, queue, deadLetters, functions }: AlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(topic);
    const failedRuns = new Metric({
      namespace: METRIC_NAMESPACE,
      metricName: METRICS.failedRuns,
      dimensionsMap: { service: Stack.of(this).stackName },
      statistic: Stats.SUM,
      period: PERIOD,
    });
    this.#when('FailedRun', failedRuns, 1, 'a run failed and no newer one replaces it: see the notice of that run');
    for (const [name, letters] of Object.entries(deadLetters)) {
      const waiting = letters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM });
      this.#when(name, waiting, 1, 'messages nobody could handle: see the logs, then redrive the queue');
    }
    this.#when(
      'OldestMessage',
      queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
      OLDEST_MESSAGE.toSeconds(),
      'events wait in the queue: the start function fails or does not run',
    );
    for (const stage of functions) this.#ofStage(stage);
  }

  #ofStage({ stage, lambda, timeout }: StageFunction<Stage>): void {
    this.#when(
      `${stage}-throttled`,
      lambda.metricThrottles({ period: PERIOD }),
      1,
      `the ${stage} function is throttled for ${THROTTLED_PERIODS} periods: lower the concurrency or raise the quota`,
      THROTTLED_PERIODS,
    );
    this.#when(
      `${stage}-long`,
      lambda.metricDuration({ period: PERIOD, statistic: Stats.MAXIMUM }),
      LONG * timeout.toMilliseconds(),
      `the ${stage} function is near its time-out: smaller partitions or more memory`,
    );
  }

  #when(name: string, metric: Metric, threshold: number, alarmDescription: string, evaluationPeriods = 1): void {
    const alarm = new Alarm(this, name, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
  }
}

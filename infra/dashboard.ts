import { Duration, Stack } from 'aws-cdk-lib';
import {
  Color,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  MathExpression,
  Metric,
  PeriodOverride,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Stage } from '../shared/contract/environment.ts';
import {
  COLUMN_METRICS,
  METRIC_NAMESPACE,
  METRICS,
  type MetricName,
  WORST_COLUMNS,
} from '../shared/contract/observed.ts';
import { PRICES } from '../shared/contract/prices.ts';
import type { StageFunction } from './stage-function.ts';

const PERIOD = Duration.minutes(5);
const PERCENTILES = ['p50', 'p90', 'p99', Stats.MAXIMUM];
/** Of 24: two or three beside each other. */
const HALF = { width: 12, height: 6 };
const THIRD = { width: 8, height: 7 };

export interface RunDashboardProps {
  functions: StageFunction<Stage>[];
  transform: StageFunction<'transform'>;
}

/** What people look at: to the left all of the stack, to the right dataset by dataset. */
export class RunDashboard extends Construct {
  readonly #service = Stack.of(this).stackName;

  constructor(scope: Construct, id: string, { functions, transform }: RunDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: this.#service,
      // of a long range a point would stand for hours, and a rate be of these
      periodOverride: PeriodOverride.INHERIT,
      defaultInterval: Duration.days(1),
      widgets: [
        this.#pair(
          'Runs',
          Stats.SUM,
          METRICS.committedRuns,
          METRICS.partialRuns,
          METRICS.failedRuns,
          METRICS.supersededRuns,
        ),
        this.#pair('Partitions done and missing', Stats.SUM, METRICS.partitionsTransformed, METRICS.partitionsMissing),
        [this.#rowsASecond(), this.#rowsASecondByDataset()],
        [
          this.#worstColumns('relative error (RMSE / standard deviation)', COLUMN_METRICS.relativeError),
          this.#worstColumns('share of values no component explains', COLUMN_METRICS.lowMassShare),
          this.#worstColumns('share of values clipped', COLUMN_METRICS.clippedShare),
        ],
        [this.#transformDuration(transform), this.#errors(functions)],
        [
          this.#memory(transform),
          this.#byDataset('Memory of a transform, most, by dataset', Stats.MAXIMUM, METRICS.peakMemory),
        ],
        this.#pair('Seconds from listing to record', Stats.MAXIMUM, METRICS.runDuration),
        this.#pair('Dollars of committed runs, as planned at most', Stats.SUM, METRICS.plannedDollars),
        [this.#lambdaDollars(functions)],
      ],
    });
  }

  #pair(title: string, statistic: string, ...names: MetricName[]): GraphWidget[] {
    const all = graph({ title, left: names.map((name) => this.#ofService(name, statistic)) });
    return [all, this.#byDataset(`${title}, by dataset`, statistic, ...names)];
  }

  #byDataset(title: string, statistic: string, ...names: MetricName[]): GraphWidget {
    return graph({ title, left: names.map((name) => search(this.#ofDatasets(name, statistic), `${name} `)) });
  }

  #rowsASecond(): GraphWidget {
    const rows = this.#ofService(METRICS.rowsTransformed, Stats.SUM);
    const expression = 'rows / PERIOD(rows)';
    const rate = new MathExpression({ expression, usingMetrics: { rows }, label: 'rows a second', period: PERIOD });
    return graph({ title: 'Rows a second', left: [rate] });
  }

  #rowsASecondByDataset(): GraphWidget {
    const rate = `${this.#ofDatasets(METRICS.rowsTransformed, Stats.SUM)} / ${PERIOD.toSeconds()}`;
    return graph({ title: 'Rows a second, by dataset', left: [search(rate)] });
  }

  #worstColumns(what: string, name: string): GraphWidget {
    const all = `SEARCH('{${METRIC_NAMESPACE},service,dataset,column} service="${this.#service}" MetricName="${name}"', 'Maximum', ${PERIOD.toSeconds()})`;
    const worst = search(`SORT(${all}, MAX, DESC, ${WORST_COLUMNS})`, `${named('column')} of `);
    return graph({ ...THIRD, title: `Worst columns: ${what}`, left: [worst] });
  }

  #transformDuration({ lambda, timeout }: StageFunction<'transform'>): GraphWidget {
    return graph({
      title: 'Duration of a transform',
      left: PERCENTILES.map((statistic) => lambda.metricDuration({ statistic, period: PERIOD, label: statistic })),
      leftAnnotations: [{ value: timeout.toMilliseconds(), label: 'time-out', color: Color.RED }],
    });
  }

  #memory({ memoryMb }: StageFunction<'transform'>): GraphWidget {
    return graph({
      title: 'Memory of a transform',
      left: PERCENTILES.map((statistic) => this.#ofService(METRICS.peakMemory, statistic, statistic)),
      leftAnnotations: [{ value: memoryMb * 2 ** 20, label: 'memory of the function', color: Color.RED }],
    });
  }

  #errors(functions: StageFunction<Stage>[]): GraphWidget {
    const of = (what: string, metric: (stage: StageFunction<Stage>) => Metric) =>
      functions.map((stage) => metric(stage).with({ label: `${stage.stage} ${what}` }));
    return graph({
      title: 'Invocations that failed or were throttled, retries included',
      left: [
        ...of('failed', ({ lambda }) => lambda.metricErrors({ period: PERIOD })),
        ...of('throttled', ({ lambda }) => lambda.metricThrottles({ period: PERIOD })),
      ],
    });
  }

  /** What Lambda asks for what ran; transitions and requests to S3 are in the plan's figure alone. */
  #lambdaDollars(functions: StageFunction<Stage>[]): GraphWidget {
    const dollars = functions.map(({ stage, lambda, memoryMb }) => {
      const gigabyteSeconds = `${stage}_ms / 1000 * ${decimal(memoryMb / 1024)}`;
      return new MathExpression({
        expression: `${gigabyteSeconds} * ${decimal(PRICES.lambdaGbSecond)} + ${stage}_n * ${decimal(PRICES.lambdaInvocation)}`,
        usingMetrics: {
          [`${stage}_ms`]: lambda.metricDuration({ statistic: Stats.SUM, period: PERIOD }),
          [`${stage}_n`]: lambda.metricInvocations({ statistic: Stats.SUM, period: PERIOD }),
        },
        label: stage,
        period: PERIOD,
      });
    });
    return graph({
      ...HALF,
      width: 24,
      title: `Dollars for Lambda, by function (${PRICES.region}, ${PRICES.date})`,
      left: dollars,
      stacked: true,
    });
  }

  #ofService(metricName: MetricName, statistic: string, label: string = metricName): Metric {
    return new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { service: this.#service },
      statistic,
      period: PERIOD,
      label,
    });
  }

  #ofDatasets(name: MetricName, statistic: string): string {
    return `SEARCH('{${METRIC_NAMESPACE},service,dataset} service="${this.#service}" MetricName="${name}"', '${statistic}', ${PERIOD.toSeconds()})`;
  }
}

/** The metrics that an expression finds, each named by its dataset. */
const search = (expression: string, before = ''): IMetric =>
  new MathExpression({ expression, label: `${before}${named('dataset')}`, period: PERIOD });

/** In a label: the value of a dimension of each metric found. */
const named = (dimension: string) => `\${PROP('Dim.${dimension}')}`;

/** Without an exponent, which metric math does not promise to know. */
const decimal = (value: number) => value.toFixed(12).replace(/\.?0+$/, '');

const graph = (props: GraphWidgetProps) => new GraphWidget({ ...HALF, leftYAxis: { min: 0 }, ...props });

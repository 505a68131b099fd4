import type { RunEstimate } from '../shared/cost/estimate-run.ts';
import type { PlanEstimate } from './plan-estimate.ts';
import { formatTable } from './table-output.ts';

/** What a run on AWS would use and cost, stage by stage, with and without a second pass. */
export function formatCosts({ aws }: PlanEstimate): string {
  const { expected, withSecondPass, prices, memoryMegabytes, concurrency, maxRunDollars } = aws;
  const totals = formatTable(
    ['run', 'dollars', 'minutes', 'invocations', 'GB-seconds', 'GET, HEAD', 'PUT, LIST', 'transitions'],
    [
      totalLine(withSecondPass ? 'one pass' : 'expected', expected),
      ...(withSecondPass ? [totalLine('second pass', withSecondPass)] : []),
    ],
  );
  const stages = formatTable(
    ['stage', 'invocations', 'seconds each', 'longest', 'elapsed', 'GET, HEAD', 'PUT, LIST', 'transitions'],
    expected.stages.map((stage) => [
      stage.stage,
      integer(stage.invocations),
      (stage.seconds / Math.max(1, stage.invocations)).toFixed(1),
      stage.longestSeconds.toFixed(1),
      stage.elapsedSeconds.toFixed(1),
      integer(stage.gets),
      integer(stage.puts),
      integer(stage.transitions),
    ]),
  );
  return [
    `on AWS      ${prices.region}, arm64, ${integer(memoryMegabytes)} MB, ${integer(concurrency)} partitions at a time; prices of ${prices.date}`,
    `            (${prices.source}); maxRunDollars is ${maxRunDollars}`,
    '            not in it: retries, what Step Functions reads and writes itself, SQS, logs, traces, storage',
    '',
    totals,
    '',
    stages,
    '',
  ].join('\n');
}

/** The same in a line. */
export function formatCost({ aws: { expected, withSecondPass } }: PlanEstimate): string {
  const most = withSecondPass ? `; ${dollars(withSecondPass.dollars)} if the sample misleads` : '';
  return `on AWS      about ${dollars(expected.dollars)} and ${minutes(expected.minutes)} minutes${most} (--aws says how)`;
}

const totalLine = (name: string, run: RunEstimate) => [
  name,
  dollars(run.dollars),
  minutes(run.minutes),
  integer(run.invocations),
  integer(Math.round(run.gbSeconds)),
  integer(run.gets),
  integer(run.puts),
  integer(run.transitions),
];

const dollars = (value: number) => `$${value.toFixed(value < 0.1 ? 4 : 2)}`;

const minutes = (value: number) => value.toFixed(value < 10 ? 1 : 0);

const integer = (value: number) => value.toLocaleString('en');

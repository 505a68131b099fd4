// How do time and memory grow with rows, with columns, with partitions and with workers?
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { plotGrowth } from './growth/plot.ts';
import type { GrowthPoint } from './growth/point.ts';
import { type MeasuredRun, measuredRun } from './measured-run.ts';
import { longTable, wideTable } from './scale.ts';
import { fourDoubles, machine, tableOf } from './whole-run.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results/', import.meta.url));
const WIDE_ROWS = '20000';
/** DuckDB's smallest row group, each of them a partition where so many are asked for. */
const ROW_GROUP_ROWS = 2048;
const MOST_PARTITIONS = 10_000;

/** `-- growth 1e9`: up to so many rows; 1e8 if left out. Tables are made and, but for one, deleted. */
export async function benchGrowth([mostRows = '1e8']: string[]): Promise<void> {
  process.stdout.write(`${machine()}\n\n| of | count | s | CPU s | peak MB |\n|---|---|---|---|---|\n`);
  const points: GrowthPoint[] = [];
  for await (const point of runs(Number(mostRows))) {
    const { of, count, seconds, cpuSeconds, peakMegabytes } = point;
    const cells = [of, count.toLocaleString('en'), seconds.toFixed(1), cpuSeconds.toFixed(1), peakMegabytes.toFixed(0)];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
    points.push(point);
  }
  const lines = points.map((point) => JSON.stringify(point)).join(',\n');
  writeFileSync(`${RESULTS}growth.json`, `{"machine": ${JSON.stringify(machine())}, "points": [\n${lines}\n]}\n`);
  writeFileSync(`${RESULTS}growth.svg`, await plotGrowth(points));
}

async function* runs(mostRows: number): AsyncGenerator<GrowthPoint> {
  for (const rows of ['1e5', '1e6', '1e7', '1e8', '1e9'].filter((rows) => Number(rows) <= mostRows))
    yield pointOf('rows', Number(rows), await runOn(await longTable(rows, 1), 2));
  for (const columns of [1, 15, 150, 1500])
    yield pointOf('columns', columns, await runOn(await wideTable(WIDE_ROWS, columns), 1));
  yield* partitionRuns();
  const four = await fourDoubles();
  for (let jobs = 1; jobs <= availableParallelism(); jobs *= 2)
    yield pointOf('workers', jobs, await measuredRun(four, jobs));
}

/** The same rows, cut finer and finer. */
async function* partitionRuns(): AsyncGenerator<GrowthPoint> {
  const rows = MOST_PARTITIONS * ROW_GROUP_ROWS;
  const table = await tableOf('cut', `select (hash(i) % 5000) / 8.0 as x from range(${rows}) t(i)`, ROW_GROUP_ROWS);
  for (const wanted of [1, 10, 100, 1000, MOST_PARTITIONS]) {
    const bytes = Math.ceil((rows * 8 * 1.1) / wanted);
    const run = await measuredRun(table, 2, ['--partition-bytes', String(wanted === MOST_PARTITIONS ? 1 : bytes)]);
    yield pointOf('partitions', run.partitions, run);
  }
  rmSync(table);
}

async function runOn(table: string, jobs: number): Promise<MeasuredRun> {
  const run = await measuredRun(table, jobs);
  rmSync(table);
  return run;
}

const pointOf = (of: GrowthPoint['of'], count: number, run: MeasuredRun): GrowthPoint => ({
  of,
  count,
  seconds: Number(run.seconds.toFixed(2)),
  cpuSeconds: Number(run.cpuSeconds.toFixed(2)),
  peakMegabytes: Math.round(run.peakMegabytes),
});

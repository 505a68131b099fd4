// What does each part of the work cost? The figures that the estimate of a run's time and price stands on, and how near
// it comes to runs.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measuredProcess } from './measured-process.ts';
import { COMMAND, DATA } from './paths.ts';
import { fourDoubles, machine, NORMALIZED_COLUMNS, ROWS, tenMillionRows } from './whole-run.ts';

const OUT = `${DATA}out-speeds`;
const VALUES = ROWS * NORMALIZED_COLUMNS;
/** A table all of whose rows are sampled. */
const SAMPLED_ROWS = 1_000_000;
/** Row groups of a million rows, each a partition by itself. */
const PARTITIONS = ROWS / 1_000_000;

/** Differences of whole commands held to one core, each the least of some; the tasks' own times for what is done a value. */
export async function benchStageSpeeds(): Promise<void> {
  process.stdout.write(`${machine()}, one core\n\n`);
  const table = await tenMillionRows();
  const four = await fourDoubles();
  const few = await fourDoubles(SAMPLED_ROWS);
  const tasks = await tasksOf(table);
  const [fitOfMany, fitOfAll] = [await secondsAColumn(four), await secondsAColumn(few)];
  const aSampledByte = (fitOfMany - fitOfAll) / (8 * (ROWS - SAMPLED_ROWS));
  const run = (...flags: string[]) => least(() => commandSeconds('run', four, '--jobs', '1', ...flags));
  const [whole, unaudited] = [
    await run('--partition-bytes', '1TB'),
    await run('--partition-bytes', '1TB', '--fit', 'sample'),
  ];
  const cut = await run('--partition-bytes', '1');
  const lines = [
    ['decode, apply, measure, summarise, encode a value, ns', (tasks.transform / VALUES) * 1e9],
    ['copy, hash, write a byte, ns', (tasks.write / tasks.bytes_written) * 1e9],
    ['finish a column of a partition, ms', ((cut - whole) / NORMALIZED_COLUMNS / (PARTITIONS - 1)) * 1e3],
    ['decode a sampled byte, ns', aSampledByte * 1e9],
    ['fit a column to its sample, s', fitOfAll - 8 * SAMPLED_ROWS * aSampledByte],
    ['look back at a column, s', (whole - unaudited) / NORMALIZED_COLUMNS],
  ] as const;
  for (const [what, figure] of lines) process.stdout.write(`${what}: ${figure.toPrecision(3)}\n`);
  const flights = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
  process.stdout.write('\n| table | estimate, s | run, s | off |\n|---|---|---|---|\n');
  for (const [name, path] of [
    ['flights, 3,000,000 x 2', flights],
    ['run', table],
    ['copy', four],
  ]) {
    const { estimate } = JSON.parse(answer('plan', path, '--json'));
    const seconds = await least(() => commandSeconds('run', path, '--jobs', '1'));
    const off = (100 * (estimate.localSeconds / seconds - 1)).toFixed(0);
    process.stdout.write(`| ${name} | ${estimate.localSeconds.toFixed(1)} | ${seconds.toFixed(1)} | ${off} % |\n`);
  }
  rmSync(OUT, { recursive: true, force: true });
}

interface Tasks {
  transform: number;
  write: number;
  bytes_written: number;
}

/** What the tasks of a run of one worker say of themselves. */
async function tasksOf(table: string): Promise<Tasks> {
  await commandSeconds('run', table, '--jobs', '1');
  const [tasks] = JSON.parse(
    answer(
      ...['query', OUT, '--json'],
      'select sum(seconds_transform) as transform, sum(seconds_write) as write, ' +
        'sum(bytes_written)::double as bytes_written from tasks',
    ),
  ) as Tasks[];
  return tasks;
}

/** Seconds by which a plan takes longer that fits a column more. */
async function secondsAColumn(table: string): Promise<number> {
  const one = ['--pass', 'zeros_and_tail', 'two_modes', 'uniform'];
  const four = await least(() => commandSeconds('plan', table));
  return (four - (await least(() => commandSeconds('plan', table, ...one)))) / (NORMALIZED_COLUMNS - 1);
}

/** Whatever else the machine does makes it longer. */
async function least(measure: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) best = Math.min(best, await measure());
  return best;
}

async function commandSeconds(command: string, table: string, ...flags: string[]): Promise<number> {
  rmSync(OUT, { recursive: true, force: true });
  const out = command === 'run' ? ['--out', OUT, '--quiet'] : ['--json'];
  const args = ['-c', '0', process.execPath, COMMAND, command, table, ...flags, ...out];
  const { seconds } = await measuredProcess('taskset', args, 'ignore');
  return seconds;
}

const answer = (...args: string[]) => execFileSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });

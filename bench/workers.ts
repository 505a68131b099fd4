// What does the second worker bring? Whole runs of the same table, held to one core and to two.
import { rmSync, statSync } from 'node:fs';
import { type Measured, measuredProcess } from './measured-process.ts';
import { COMMAND, DATA } from './paths.ts';
import { fourDoubles, machine, NORMALIZED_COLUMNS, ROWS } from './whole-run.ts';

/** One and two in turn, so that what else the machine does disturbs both alike. */
const REPEATS = 3;
const LIMIT = 1.7;

/** `-- workers 5e7`: so many rows of the four doubles; the table is kept for ten million, deleted otherwise. */
export async function benchWorkers([rows = String(ROWS)]: string[]): Promise<void> {
  const table = await fourDoubles(Number(rows));
  const megabytes = (statSync(table).size / 1e6).toFixed(0);
  process.stdout.write(`${machine()}, ${rows} rows x ${NORMALIZED_COLUMNS}, ${megabytes} MB snappy\n\n`);
  process.stdout.write('| workers | on cores | seconds | CPU s | peak MB |\n|---|---|---|---|---|\n');
  const runs: Record<'1' | '2', Measured[]> = { 1: [], 2: [] };
  for (let i = 0; i < REPEATS; i++) {
    runs[1].push(await run(table, 1, '0'));
    runs[2].push(await run(table, 2, '0,1'));
  }
  const [one, two] = [best(runs[1]), best(runs[2])];
  for (const [jobs, cores, { seconds, cpuSeconds, peakMegabytes }] of [
    [1, '0', one] as const,
    [2, '0,1', two] as const,
  ])
    process.stdout.write(
      `| ${jobs} | ${cores} | ${seconds.toFixed(2)} | ${cpuSeconds.toFixed(2)} | ${peakMegabytes.toFixed(0)} |\n`,
    );
  process.stdout.write(`\n${(one.seconds / two.seconds).toFixed(2)} times as fast; at least ${LIMIT} is asked for\n`);
  if (Number(rows) !== ROWS) rmSync(table);
}

async function run(table: string, jobs: number, cores: string): Promise<Measured> {
  const out = `${DATA}out-workers`;
  rmSync(out, { recursive: true, force: true });
  const command = [process.execPath, COMMAND, 'run', table, '--out', out, '--jobs', String(jobs), '--quiet'];
  const measured = await measuredProcess('taskset', ['-c', cores, ...command]);
  rmSync(out, { recursive: true, force: true });
  return measured;
}

const best = (runs: readonly Measured[]) => runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));

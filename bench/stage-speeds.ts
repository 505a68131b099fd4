// What does each part of the work cost? The figures that the estimate of a run's time and price stands on.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { COMMAND, DATA, machine, NORMALIZED_COLUMNS, ROWS, tenMillionRows } from './whole-run.ts';

interface Tasks {
  read: number;
  transform: number;
  write: number;
  bytes_read: number;
  bytes_written: number;
}

/** One whole run of one worker, and a plan of the same table; what the tasks say of themselves, a value or a byte. */
export async function benchStageSpeeds(): Promise<void> {
  const table = await tenMillionRows();
  const out = `${DATA}out-speeds`;
  rmSync(out, { recursive: true, force: true });
  command('run', table, '--out', out, '--jobs', '1', '--quiet');
  const [tasks] = JSON.parse(
    command(
      ...['query', out, '--json'],
      'select sum(seconds_read) as read, sum(seconds_transform) as transform, sum(seconds_write) as write, ' +
        'sum(bytes_read)::double as bytes_read, sum(bytes_written)::double as bytes_written from tasks',
    ),
  ) as Tasks[];
  rmSync(out, { recursive: true, force: true });
  const fits = [1, NORMALIZED_COLUMNS].map((columns) => planSeconds(table, columns));
  const values = ROWS * NORMALIZED_COLUMNS;
  const lines = [
    ['transform, ns a value', (tasks.transform / values) * 1e9],
    ['write, ns a byte', (tasks.write / tasks.bytes_written) * 1e9],
    ['read from this disk, ns a byte', (tasks.read / tasks.bytes_read) * 1e9],
    ['fit of one column to its sample, s', (fits[1] - fits[0]) / (NORMALIZED_COLUMNS - 1)],
  ] as const;
  process.stdout.write(`${machine()}\n\n`);
  for (const [what, figure] of lines) process.stdout.write(`${what}: ${figure.toPrecision(3)}\n`);
}

/** Seconds to plan and fit the first columns of the table; the rest are passed. */
function planSeconds(table: string, columns: number): number {
  const passed = ['lognormal', 'zeros_and_tail', 'two_modes', 'uniform'].slice(columns);
  const start = performance.now();
  command('plan', table, ...(passed.length > 0 ? ['--pass', ...passed] : []));
  return (performance.now() - start) / 1000;
}

const command = (...args: string[]) => execFileSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });

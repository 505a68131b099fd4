// Does normalizing cost more than copying? The whole run beside DuckDB, polars, RDT and the bare bytes.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measured, measuredProcess } from './measured-process.ts';
import { COMMAND, DATA, machine, NORMALIZED_COLUMNS, ROWS, tenMillionRows } from './whole-run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPT = join(ROOT, 'bench/copy/peers.py');
const OUT = `${DATA}out-copy`;

/** Each with one thread and with two; `-- copy 5` gives RDT five seconds instead of a minute. */
export async function benchCopy([rdtSeconds = '60']: string[]): Promise<void> {
  const table = await tenMillionRows();
  process.stdout.write(`${machine()}, caches warm, fsync counted\n\n`);
  process.stdout.write(
    '| what | threads | seconds | CPU s | CPU ns a value | peak MB | MB out |\n|---|---|---|---|---|---|---|\n',
  );
  let written = 0;
  for (const threads of [1, 2]) {
    const ours = await clean(() =>
      measuredProcess(process.execPath, [COMMAND, 'run', table, '--out', OUT, '--jobs', String(threads), '--quiet']),
    );
    written = ours.bytes;
    print('modemap run: plan, fit, transform, audit, commit', threads, ours);
    for (const peer of ['duckdb', 'polars']) {
      print(`${peer}: affine and code`, threads, await clean(() => python('venv', peer, table, OUT, String(threads))));
    }
  }
  const bytes = String(written);
  print('the bytes in and out, 8 MB buffers', 1, await clean(() => python('venv', 'bytes', table, OUT, bytes)));
  const [rows, nanoseconds] = execFileSync(interpreter('bench-venv'), [SCRIPT, 'rdt', table, rdtSeconds], {
    encoding: 'utf8',
  }).split(' ');
  process.stdout.write(
    `\nRDT's transform alone: ${nanoseconds.trim()} ns of CPU a value, ${rows} rows in ${rdtSeconds} s\n`,
  );
}

const interpreter = (environment: string) => join(ROOT, '.tools', environment, 'bin/python');
const python = (environment: string, ...args: string[]) => measuredProcess(interpreter(environment), [SCRIPT, ...args]);

/** Measure with nothing there before, and what is there afterwards. */
async function clean(run: () => Promise<Measured>): Promise<Measured & { bytes: number }> {
  rmSync(OUT, { recursive: true, force: true });
  const measured = await run();
  const bytes = sizeOf(OUT);
  rmSync(OUT, { recursive: true, force: true });
  return { ...measured, bytes };
}

function sizeOf(path: string): number {
  const stats = statSync(path);
  return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stats.size;
}

function print(
  what: string,
  threads: number,
  { seconds, cpuSeconds, peakMegabytes, bytes }: Measured & { bytes: number },
) {
  const nanoseconds = ((cpuSeconds / (NORMALIZED_COLUMNS * ROWS)) * 1e9).toFixed(0);
  const cells = [
    what,
    threads,
    seconds.toFixed(1),
    cpuSeconds.toFixed(1),
    nanoseconds,
    peakMegabytes.toFixed(0),
    (bytes / 1e6).toFixed(0),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

// Does normalizing cost more than copying? The whole run beside DuckDB, polars, RDT and the bare bytes.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Measured, measuredProcess } from './measured-process.ts';
import { COMMAND, DATA } from './paths.ts';
import { fourDoubles, machine, NORMALIZED_COLUMNS, ROWS } from './whole-run.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPT = join(ROOT, 'bench/copy/peers.py');
const OUT = `${DATA}out-copy`;
/** Whatever else the machine does only adds: the fastest of so many runs is the nearest to the truth. */
const REPEATS = 3;

const PEERS = [
  ['duckdb', 'uncompressed'],
  ['duckdb', 'snappy'],
  ['polars', 'uncompressed'],
  ['polars', 'snappy'],
] as const;

interface Row extends Measured {
  /** that are there afterwards, work files counted */
  bytes: number;
}

/** Each with one thread and with two; `-- copy 5` gives RDT five seconds instead of a minute. */
export async function benchCopy([rdtSeconds = '60']: string[]): Promise<void> {
  const table = await fourDoubles();
  const read = (statSync(table).size / 1e6).toFixed(0);
  process.stdout.write(`${machine()}, ${read} MB snappy in, caches warm, fsync counted, best of ${REPEATS}\n\n`);
  process.stdout.write(
    '| what | threads | seconds | CPU s | CPU ns a value | peak MB | MB out |\n|---|---|---|---|---|---|---|\n',
  );
  const ratios: string[][] = [];
  let bytes: Row | undefined;
  for (const threads of [1, 2]) {
    const ours = await fastest(() =>
      measuredProcess(process.execPath, [COMMAND, 'run', table, '--out', OUT, '--jobs', String(threads), '--quiet']),
    );
    print('modemap run, uncompressed', threads, ours);
    for (const [peer, codec] of PEERS) {
      const theirs = await fastest(() => python('venv', peer, table, OUT, String(threads), codec));
      print(`${peer}: affine and code, ${codec}`, threads, theirs);
      ratios.push(timesOf(`${peer}, ${codec}, ${threads} thread(s)`, ours, theirs, peer === 'duckdb' ? '<= 1' : ''));
    }
    if (!bytes) {
      bytes = await fastest(() => python('venv', 'bytes', table, OUT, String(ours.bytes)));
      print('the bytes in and out, 8 MB buffers', 1, bytes);
    }
    ratios.push(timesOf(`the bytes in and out, ours with ${threads} thread(s)`, ours, bytes, '<= 6'));
    if (threads === 2) ratios.push(timesOfRdt(table, rdtSeconds, ours));
  }
  process.stdout.write('\n| modemap run, times | CPU | wall | limit |\n|---|---|---|---|\n');
  for (const cells of ratios) process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const interpreter = (environment: string) => join(ROOT, '.tools', environment, 'bin/python');
const python = (environment: string, ...args: string[]) => measuredProcess(interpreter(environment), [SCRIPT, ...args]);

/** How many times less CPU a value takes than in RDT's transform, which is timed alone. */
function timesOfRdt(table: string, seconds: string, ours: Row): string[] {
  const [rows, nanoseconds] = execFileSync(interpreter('bench-venv'), [SCRIPT, 'rdt', table, seconds], {
    encoding: 'utf8',
  }).split(' ');
  const what = `RDT's transform alone, ${nanoseconds.trim()} ns a value over ${rows} rows: less by`;
  return [what, (Number(nanoseconds) / nanosecondsOf(ours)).toFixed(0), '', '>= 300'];
}

/** Measure with nothing there before, and what is there afterwards; of several times, the least of each. */
async function fastest(run: () => Promise<Measured>): Promise<Row> {
  let best: Row | undefined;
  for (let i = 0; i < REPEATS; i++) {
    rmSync(OUT, { recursive: true, force: true });
    const { seconds, cpuSeconds, peakMegabytes } = await run();
    best = {
      seconds: Math.min(seconds, best?.seconds ?? seconds),
      cpuSeconds: Math.min(cpuSeconds, best?.cpuSeconds ?? cpuSeconds),
      peakMegabytes: Math.max(peakMegabytes, best?.peakMegabytes ?? 0),
      bytes: sizeOf(OUT),
    };
  }
  rmSync(OUT, { recursive: true, force: true });
  return best!;
}

function sizeOf(path: string): number {
  const stats = statSync(path);
  return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stats.size;
}

const nanosecondsOf = ({ cpuSeconds }: Row) => (cpuSeconds / (NORMALIZED_COLUMNS * ROWS)) * 1e9;

const timesOf = (what: string, ours: Row, theirs: Row, limit: string) => [
  what,
  (ours.cpuSeconds / theirs.cpuSeconds).toFixed(2),
  (ours.seconds / theirs.seconds).toFixed(2),
  limit,
];

function print(what: string, threads: number, row: Row) {
  const { seconds, cpuSeconds, peakMegabytes, bytes } = row;
  const cells = [
    what,
    threads,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    nanosecondsOf(row).toFixed(0),
    peakMegabytes.toFixed(0),
    (bytes / 1e6).toFixed(0),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

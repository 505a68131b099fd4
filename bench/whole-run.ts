// How fast, and in how much memory, does a whole run go? 10 million rows x 4 doubles + 3 columns that pass.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { measuredRun } from './measured-run.ts';
import { DATA } from './paths.ts';

export const ROWS = 10_000_000;
export const NORMALIZED_COLUMNS = 4;

/** Deterministic: uniform numbers from hashes of the row number, shaped by inverse distribution functions. */
const u = (salt: number) => `((hash(i * 4 + ${salt}) >> 11)::double / 9007199254740992.0)`;
const DOUBLES = `
  exp(3 + 0.8 * sqrt(-2 * ln(${u(0)} + 1e-17)) * cos(6.283185307179586 * ${u(1)})) as lognormal,
  case when ${u(2)} < 0.6 then 0.0 else -100 * ln(${u(3)} + 1e-17) end as zeros_and_tail,
  case when hash(i) % 3 = 0 then -50 else 20 end + 5 * sqrt(-2 * ln(${u(5)} + 1e-17)) * cos(6.283185307179586 * ${u(6)}) as two_modes,
  100 * ${u(7)} as uniform`;
const PASSED = `
  i as id, 'group-' || (i % 50) as name, case when i % 20 = 0 then null else i * 0.5 end::decimal(12, 2)::varchar as amount_text`;

/** The table's path: 358 MB in ten row groups. */
export const tenMillionRows = () =>
  tableOf('ten-million', `select ${DOUBLES},${PASSED} from range(${ROWS}) t(i)`, 1_000_000);

/** The path of its four doubles alone: 279 MB in ten row groups; of more or fewer rows. */
export const fourDoubles = (rows = ROWS) =>
  tableOf(`four-doubles${rows === ROWS ? '' : `-${rows}`}`, `select ${DOUBLES} from range(${rows}) t(i)`, 1_000_000);

/** Measure whole runs with one and two worker threads. */
export async function benchWholeRun(): Promise<void> {
  const table = await tenMillionRows();
  const bytes = statSync(table).size;
  process.stdout.write(`${machine()}, ${(bytes / 1e6).toFixed(0)} MB snappy\n\n`);
  process.stdout.write(
    '| jobs | seconds | rows/s | values/s | CPU ns a value | peak resident MB |\n|---|---|---|---|---|---|\n',
  );
  for (const jobs of [1, 2]) {
    const { seconds, cpuSeconds, peakMegabytes } = await measuredRun(table, jobs);
    const cells = [
      jobs,
      seconds.toFixed(1),
      count(ROWS / seconds),
      count((4 * ROWS) / seconds),
      ((cpuSeconds / (4 * ROWS)) * 1e9).toFixed(0),
      peakMegabytes.toFixed(0),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

/** How does a run bear thousands of partitions? 4 million rows of one file in row groups of 2,048, one a partition. */
export async function benchPartitions(): Promise<void> {
  const table = await tableOf(
    'small-row-groups',
    'select (hash(i) % 5000) / 8.0 as x, i as id from range(4000000) t(i)',
    2048,
  );
  const { seconds, peakMegabytes } = await measuredRun(table, 2, ['--partition-bytes', '1']);
  process.stdout.write(`1,954 partitions: ${seconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB\n`);
}

/** The path of a table that is written once. */
export async function tableOf(name: string, select: string, rowGroupRows: number, codec = 'snappy'): Promise<string> {
  const path = `${DATA}${name}.parquet`;
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  process.stderr.write(`writing ${path}\n`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `copy (${select}) to '${path}' (format parquet, codec ${codec}, row_group_size ${rowGroupRows})`,
  );
  connection.closeSync();
  return path;
}

/** What the figures were measured on. */
export const machine = () => `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}`;

const count = (value: number) => Math.round(value).toLocaleString('en');

// How do time and memory grow with rows and with columns?
import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { measuredRun } from './measured-run.ts';
import { machine, tableOf } from './whole-run.ts';

/** A normal distribution from hashes of the row number, which two million sampled rows describe as well as all. */
const normal = (salt: number) =>
  `20 + 5 * sqrt(-2 * ln((hash(i * 8 + ${salt}) >> 11)::double / 9007199254740992.0 + 1e-17)) * cos(6.283185307179586 * ((hash(i * 8 + ${salt + 4}) >> 11)::double / 9007199254740992.0))`;

/** Doubles of a normal distribution, uncompressed, a million rows a row group. */
export function longTable(rows: string, columns: number): Promise<string> {
  const select = Array.from({ length: columns }, (_, i) => `${normal(i)} as x${i}`).join(', ');
  const query = `select ${select} from range(${Number(rows)}) t(i)`;
  return tableOf(`long-${rows}-${columns}`, query, 1_000_000, 'uncompressed');
}

/** Eighths of uniform integers, snappy, one row group. */
export function wideTable(rows: string, columns: number): Promise<string> {
  const column = (i: number) => `(hash(i * 1500 + ${i}) % 1000003) / 8.0 as c${i}`;
  const select = Array.from({ length: columns }, (_, i) => column(i)).join(', ');
  return tableOf(`wide-${rows}-${columns}`, `select ${select} from range(${Number(rows)}) t(i)`, Number(rows));
}

/** `-- long 1e9 1`: so many rows of so many doubles, uncompressed, a million rows a row group; the table is deleted. */
export async function benchLong([rows = '1e9', columns = '1']: string[]): Promise<void> {
  const table = await longTable(rows, Number(columns));
  process.stdout.write(`${machine()}, ${(statSync(table).size / 1e6).toFixed(0)} MB uncompressed\n\n`);
  await row(`${rows} rows x ${columns}`, table, Number(rows) * Number(columns));
  rmSync(table);
}

/** What more columns may take besides {@link MORE} times the memory of the fewest: what has to be known of each. */
const MORE = 1.3;

/** `-- wide 200000`: so many rows of 15, of 150 and of 1,500 doubles, in one row group. */
export async function benchWide([rows = '200000', most = '1500']: string[]): Promise<void> {
  process.stdout.write(
    `${machine()}, ${rows} rows, snappy, one worker; at most ${MORE} times the memory of 15 columns, footer and summaries\n\n` +
      '| columns | s | s a column | ns of CPU a value | peak MB | at most | footer MB | summaries MB |\n|---|---|---|---|---|---|---|---|\n',
  );
  let least: number | undefined;
  for (const columns of [15, 150, 1500].filter((count) => count <= Number(most))) {
    const table = await wideTable(rows, columns);
    const footer = footerBytes(table) / 1e6;
    const { seconds, cpuSeconds, peakMegabytes, summaryBytes } = await measuredRun(table, 1);
    rmSync(table);
    least ??= peakMegabytes;
    const cells = [
      columns,
      seconds.toFixed(1),
      (seconds / columns).toFixed(2),
      ((cpuSeconds / columns / Number(rows)) * 1e9).toFixed(0),
      peakMegabytes.toFixed(0),
      (MORE * least + footer + summaryBytes / 1e6).toFixed(0),
      footer.toFixed(2),
      (summaryBytes / 1e6).toFixed(1),
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

/** How long a table's metadata is: the file's last eight bytes say it. */
function footerBytes(table: string): number {
  const file = openSync(table, 'r');
  const tail = Buffer.alloc(8);
  readSync(file, tail, 0, tail.length, statSync(table).size - tail.length);
  closeSync(file);
  return tail.readUInt32LE(0);
}

async function row(what: string, table: string, values: number, jobs = 2): Promise<void> {
  const { seconds, cpuSeconds, peakMegabytes } = await measuredRun(table, jobs);
  const nanoseconds = ((cpuSeconds / values) * 1e9).toFixed(0);
  process.stdout.write(
    `${what}: ${seconds.toFixed(1)} s, ${nanoseconds} ns of CPU a value, ${peakMegabytes.toFixed(0)} MB\n`,
  );
}

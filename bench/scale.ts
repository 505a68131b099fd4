// How do time and memory grow with rows and with columns?
import { rmSync, statSync } from 'node:fs';
import { measuredProcess } from './measured-process.ts';
import { COMMAND, DATA, machine, tableOf } from './whole-run.ts';

/** A normal distribution from hashes of the row number, which two million sampled rows describe as well as all. */
const normal = (salt: number) =>
  `20 + 5 * sqrt(-2 * ln((hash(i * 8 + ${salt}) >> 11)::double / 9007199254740992.0 + 1e-17)) * cos(6.283185307179586 * ((hash(i * 8 + ${salt + 4}) >> 11)::double / 9007199254740992.0))`;

/** `-- long 1e9 1`: so many rows of so many doubles, uncompressed, a million rows a row group; the table is deleted. */
export async function benchLong([rows = '1e9', columns = '1']: string[]): Promise<void> {
  const select = Array.from({ length: Number(columns) }, (_, i) => `${normal(i)} as x${i}`).join(', ');
  const table = await tableOf(
    `long-${rows}-${columns}`,
    `select ${select} from range(${Number(rows)}) t(i)`,
    1_000_000,
    'uncompressed',
  );
  process.stdout.write(`${machine()}, ${(statSync(table).size / 1e6).toFixed(0)} MB uncompressed\n\n`);
  await row(`${rows} rows x ${columns}`, table, Number(rows) * Number(columns));
  rmSync(table);
}

/** `-- wide 200000`: so many rows of 15 and of 1,500 doubles. */
export async function benchWide([rows = '200000']: string[]): Promise<void> {
  process.stdout.write(`${machine()}, ${rows} rows, snappy, one worker\n\n`);
  for (const columns of [15, 150, 1500]) {
    const select = Array.from({ length: columns }, (_, i) => `(hash(i * 1500 + ${i}) % 1000003) / 8.0 as c${i}`).join(
      ', ',
    );
    const table = await tableOf(
      `wide-${rows}-${columns}`,
      `select ${select} from range(${Number(rows)}) t(i)`,
      Number(rows),
      'snappy',
    );
    await row(`${columns} columns`, table, Number(rows) * columns, 1);
    rmSync(table);
  }
}

async function row(what: string, table: string, values: number, jobs = 2): Promise<void> {
  const out = `${DATA}out-scale`;
  rmSync(out, { recursive: true, force: true });
  const args = [COMMAND, 'run', table, '--out', out, '--jobs', String(jobs), '--quiet'];
  const { seconds, cpuSeconds, peakMegabytes } = await measuredProcess(process.execPath, args);
  rmSync(out, { recursive: true, force: true });
  const nanoseconds = ((cpuSeconds / values) * 1e9).toFixed(0);
  process.stdout.write(
    `${what}: ${seconds.toFixed(1)} s, ${nanoseconds} ns of CPU a value, ${peakMegabytes.toFixed(0)} MB\n`,
  );
}

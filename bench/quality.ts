// How many bits does a value need under each mixture, what comes back, and what does a fit cost? 13 kinds of columns.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { fitOurs, OURS_FILE } from './quality/fit-ours.ts';
import { type ColumnResult, fitPeers, folderOf, judge, makeRows } from './quality/judgement.ts';
import { plotResults } from './quality/plot.ts';
import { bitsTable, errorsTable } from './quality/table.ts';
import { TARGETS } from './quality/targets.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results/', import.meta.url));

/**
 * Hold the contest on the named columns, or on all.
 *
 * @param args column names; `--ours` leaves the peers out, `--fresh` fits them again
 */
export async function benchQuality(args: readonly string[]): Promise<void> {
  const { columns, isOursOnly, isFresh } = parsed(args);
  makeRows(columns);
  const results: Record<string, ColumnResult> = {};
  for (const column of columns) {
    process.stderr.write(`${column}\n`);
    const ours = fitOurs(folderOf(column), isOursOnly ? 1 : 3);
    const peers = isOursOnly ? null : fitPeers(column, isFresh);
    const judgement = judge(column, isOursOnly ? [OURS_FILE] : [OURS_FILE, 'peers.json']);
    results[column] = { judgement, ours, peers };
  }
  process.stdout.write(`${bitsTable(results)}\n${errorsTable(results)}`);
  if (!isOursOnly && columns.length === Object.keys(TARGETS).length) await keep(results);
}

/** The whole contest goes into the repository. */
async function keep(results: Record<string, ColumnResult>): Promise<void> {
  const { versions } = Object.values(results)[0].peers!;
  const machine = { processor: cpus()[0].model.trim(), cores: cpus().length, node: process.version, versions };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${RESULTS}quality.json`, `${JSON.stringify({ machine, columns: results }, null, 1)}\n`);
  writeFileSync(`${RESULTS}quality.svg`, `${await plotResults(results)}\n`);
}

function parsed(args: readonly string[]) {
  const [flags, names] = [args.filter((arg) => arg.startsWith('--')), args.filter((arg) => !arg.startsWith('--'))];
  const known = Object.keys(TARGETS);
  for (const name of names)
    if (!known.includes(name)) throw new RangeError(`column must be one of ${known.join(', ')}, got ${name}`);
  for (const flag of flags)
    if (!['--ours', '--fresh'].includes(flag)) throw new RangeError(`flag must be --ours or --fresh, got ${flag}`);
  return {
    columns: names.length > 0 ? names : known,
    isOursOnly: flags.includes('--ours'),
    isFresh: flags.includes('--fresh'),
  };
}

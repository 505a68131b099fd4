// How many bits does a value need under each mixture, what comes back, and what does a fit cost? 13 kinds of columns.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fitOurs, OURS_FILE } from './quality/fit-ours.ts';
import { type ColumnResult, fitPeers, folderOf, judge, makeRows, PEERS_FILE } from './quality/judgement.ts';
import { plotResults } from './quality/plot.ts';
import { bitsTable, errorsTable } from './quality/table.ts';
import { TARGETS } from './quality/targets.ts';

const RESULTS = fileURLToPath(new URL('../../bench/results/', import.meta.url));

/** Fits to all rows of a column: the seconds told are their median. */
const REPEATS = 7;

/**
 * Hold the contest on the named columns, or on all; the result of the whole contest is kept in bench/results.
 *
 * @param args column names; `--ours` leaves the peers out, `--fresh` fits them again
 */
export async function benchQuality(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { ours: { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const known = Object.keys(TARGETS);
  for (const name of positionals)
    if (!known.includes(name)) throw new RangeError(`column must be one of ${known.join(', ')}, got ${name}`);
  const columns = positionals.length > 0 ? positionals : known;
  makeRows(columns);
  const results: Record<string, ColumnResult> = {};
  for (const column of columns) {
    process.stderr.write(`${column}\n`);
    results[column] = contest(column, values);
  }
  const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}`;
  process.stdout.write(`${machine}\n\n${bitsTable(results)}\n${errorsTable(results)}`);
  if (!values.ours && positionals.length === 0) await keep(machine, results);
}

function contest(column: string, { ours: isOursOnly, fresh: isFresh }: { ours: boolean; fresh: boolean }) {
  const ours = fitOurs(folderOf(column), isOursOnly ? 1 : REPEATS);
  const peers = isOursOnly ? null : fitPeers(column, isFresh);
  return { judgement: judge(column, isOursOnly ? [OURS_FILE] : [OURS_FILE, PEERS_FILE]), ours, peers };
}

async function keep(machine: string, columns: Record<string, ColumnResult>): Promise<void> {
  mkdirSync(RESULTS, { recursive: true });
  // a line a column, for those who compare two results
  const lines = Object.entries(columns).map(([name, result]) => `${JSON.stringify(name)}: ${JSON.stringify(result)}`);
  const json = `{"machine": ${JSON.stringify(machine)},\n"columns": {\n${lines.join(',\n')}\n}}\n`;
  writeFileSync(`${RESULTS}quality.json`, json);
  writeFileSync(`${RESULTS}quality.svg`, `${await plotResults(columns)}\n`);
}

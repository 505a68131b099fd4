import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { formatTable } from '../../cli/table-output.ts';
import { REPORT_VARIABLE } from './tools.ts';
import { tryRights } from './try-rights.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run referee`: the stack deployed into an emulated account, from PutObject to the committed run. */
const program = new Command('referee')
  .description(
    'Deploy the stack into an emulated account and judge what it does there; without options: all tests of it.',
  )
  .option('--without <RIGHT>', 'take each right whose text holds RIGHT out of its role, e.g. "commit s3:DeleteObject"')
  .option('--every-action', 'take every right of every function out of its role, one after another');
const { without, everyAction } = program.parse().opts<{ without?: string; everyAction?: boolean }>();

if (without !== undefined || everyAction) {
  process.exitCode = (await tryRights(without ?? '')) ? 0 : 1;
} else {
  const tests = ['referee.test.ts', 'referee-bad-input.test.ts', 'referee-rights.test.ts'];
  const args = ['run', ...tests.map((name) => `test/end-to-end/${name}`)];
  const folder = mkdtempSync(join(tmpdir(), 'modemap-referee-'));
  const report = join(folder, 'report');
  const { status } = spawnSync('npx', ['vitest', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CI: 'true', [REPORT_VARIABLE]: report },
  });
  if (status === 0) printReport(report);
  rmSync(folder, { recursive: true });
  process.exitCode = status ?? 1;
}

/** What was asked of the tables that commit made, by the command and by Trino, and of the same run on this machine. */
function printReport(path: string): void {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  const rows: string[][] = lines.map((line) => JSON.parse(line));
  const head = ['dataset', 'table', 'asked for', 'rows', 'there and here'];
  process.stdout.write(`${formatTable(head, rows)}\n`);
}

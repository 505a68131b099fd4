import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type Measured, measuredProcess } from './measured-process.ts';
import { COMMAND, DATA } from './paths.ts';

/** What a whole run has used, and left. */
export interface MeasuredRun extends Measured {
  partitions: number;
  /** of the summaries that its partitions left */
  summaryBytes: number;
}

/** A whole run as a process of its own; its output is deleted. */
export async function measuredRun(table: string, jobs: number, flags: string[] = []): Promise<MeasuredRun> {
  const out = `${DATA}out-run`;
  rmSync(out, { recursive: true, force: true });
  const args = [COMMAND, 'run', table, '--out', out, '--jobs', String(jobs), '--quiet', ...flags];
  const measured = await measuredProcess(process.execPath, args);
  const paths = readdirSync(out, { recursive: true }).map((path) => `${out}/${String(path)}`);
  const summaries = paths.filter((path) => /\/summaries\/part-\d+\.bin$/.test(path));
  const record = paths.find((path) => /\/runs\/.*\.json$/.test(path))!;
  const { partitions } = JSON.parse(readFileSync(record, 'utf8')) as { partitions: number };
  const summaryBytes = summaries.reduce((sum, path) => sum + statSync(path).size, 0);
  rmSync(out, { recursive: true, force: true });
  return { ...measured, partitions, summaryBytes };
}

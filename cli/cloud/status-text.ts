import prettyBytes from 'pretty-bytes';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { formatColumns, shellWord } from '../run-summary.ts';
import type { DatasetStatus } from './dataset-status.ts';
import { failureOf } from './run-failure.ts';
import { stageText } from './run-stage.ts';

/** Missing partitions that are named; the report names them all. */
const LISTED = 10;

/**
 * How things stand with a dataset, for people.
 *
 * @param url as given, `s3://BUCKET/DATASET`
 * @param now ms since 1970
 */
export function formatStatus({ dataset, last, isWaiting, current }: DatasetStatus, url: string, now: number): string {
  const lines = [
    ...(last
      ? lastLines(dataset, last, url, now)
      : [`${dataset}: ${isWaiting ? WAITING : 'no run was asked for yet'}: modemap run ${shellWord(url)}`]),
    '',
    ...(current ? currentLines(current) : ['readers get nothing: no run of it is committed']),
  ];
  return `${lines.join('\n')}\n`;
}

const WAITING = 'files wait; a run starts when no more come for settleSeconds, or on _SUCCESS, or at once';

function lastLines(
  dataset: string,
  { runId, order, execution, failure }: NonNullable<DatasetStatus['last']>,
  url: string,
  now: number,
): string[] {
  const run = `${runId}, of the files listed at ${order}`;
  if (!execution)
    return [`${dataset}: run ${run}: its execution is not there (it begins in a moment, or ended 90 days ago)`];
  const { status, startedAt, stoppedAt, name } = execution;
  const lines = [`${dataset}: ${WORDS[status]} after ${duration((stoppedAt ?? now) - startedAt)}`, `run        ${run}`];
  lines.push(`execution  ${name}`);
  for (const { label, pass, total, done, failed } of execution.maps) {
    const missing = failed > 0 ? `, ${integer(failed)} FAILED` : '';
    lines.push(`${label.padEnd(9)}  pass ${pass}: ${integer(done)} of ${integer(total)} done${missing}`);
  }
  if (status === 'RUNNING') {
    return [...lines, `now        ${stageText(execution)}`, `follow     modemap status ${shellWord(url)} --follow`];
  }
  if (status === 'SUCCEEDED') return lines;
  lines.push(`reason     ${failure?.cause ?? failure?.error ?? failureOf(execution)}`);
  for (const { partition, firstObject, reason } of failure?.partitions.slice(0, LISTED) ?? []) {
    lines.push(`  partition ${partition} (${firstObject}): ${reason}`);
  }
  const rest = (failure?.partitions.length ?? 0) - LISTED;
  return rest > 0 ? [...lines, `  and ${integer(rest)} more`] : lines;
}

const WORDS = {
  RUNNING: 'running',
  SUCCEEDED: 'committed',
  FAILED: 'FAILED',
  TIMED_OUT: 'OUT OF TIME',
  ABORTED: 'STOPPED',
};

function currentLines(record: RunRecord): string[] {
  const { run_id, created_at, status, rows, objects, partitions, failed_partitions, seconds, bytes_out } = record;
  const failed = failed_partitions > 0 ? `, ${integer(failed_partitions)} MISSING` : '';
  return [
    `readers get run ${run_id}, committed ${created_at}${status === 'partial' ? ' (PARTIAL)' : ''}`,
    `${integer(rows)} rows of ${integer(objects)} objects in ${integer(partitions)} partitions${failed}, ${duration(seconds * 1000)}, ${prettyBytes(bytes_out)} out`,
    '',
    formatColumns(record),
  ];
}

const integer = (value: number) => value.toLocaleString('en');

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

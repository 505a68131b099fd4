import { relative } from 'node:path';
import prettyBytes from 'pretty-bytes';
import type { ColumnAudit, RunColumn, RunRecord } from '../shared/contract/run-record.ts';
import { isS3 } from './s3-url.ts';
import { formatTable } from './table-output.ts';

/**
 * What a person wants to know at the end of a run: what it cost, what was lost, where it is, what to do next.
 *
 * @param out the output: a folder, or `s3://BUCKET`
 * @param run what `modemap query` is given; left out: the output folder
 */
export function formatRunSummary(record: RunRecord, out: string, run?: string): string {
  const { dataset, rows, objects, partitions, seconds, bytes_in, bytes_out, status, failures } = record;
  const folder = isS3(out) ? out : relative('.', out) || '.';
  const lines = [
    '',
    `${dataset}: ${integer(rows)} rows of ${integer(objects)} file${objects === 1 ? '' : 's'} in ${integer(partitions)} partition${partitions === 1 ? '' : 's'}, ` +
      `${seconds.toFixed(1)} s, ${prettyBytes(bytes_in)} in, ${prettyBytes(bytes_out)} out${status === 'partial' ? ' (PARTIAL)' : ''}`,
    ...failures.map(
      ({ partition, first_object, reason }) => `  partition ${partition} (${first_object}) is missing: ${reason}`,
    ),
    '',
    formatColumns(record),
    '',
    `data     ${folder}/${record.data_location}`,
    `metrics  ${folder}/${record.metrics_location}`,
    `model    ${folder}/${record.model_key}`,
    '',
    `next     modemap query ${shellWord(run ?? folder)} "select * from metrics order by root_mean_square_error desc limit 10"`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** What was lost, column by column. */
export function formatColumns({ columns, audit }: RunRecord): string {
  if (columns.length === 0) return 'No column was normalized: none is a continuous number.';
  const head = ['column', 'components', 'MAE', 'RMSE', 'largest', 'clipped', 'low mass', 'nulls', 'bits', 'audit'];
  const audits = new Map(audit.map((entry) => [entry.name, entry]));
  return formatTable(
    head,
    columns.map((column) => columnLine(column, audits.get(column.name))),
  );
}

function columnLine(column: RunColumn, audit: ColumnAudit | undefined): string[] {
  return [
    column.name,
    String(column.components),
    figure(column.mean_absolute_error),
    figure(column.root_mean_square_error),
    figure(column.max_absolute_error),
    integer(column.clipped),
    integer(column.low_mass),
    integer(column.nulls),
    figure(column.bits_per_value),
    auditVerdict(audit),
  ];
}

function auditVerdict(audit: ColumnAudit | undefined): string {
  if (!audit) return 'not looked back';
  const { misled, gain, gain_limit, low_mass, low_mass_limit, unseen } = audit;
  if (!misled) return 'sample was fair';
  if (unseen > 0) return `sample missed a mode of ${integer(unseen)} rows`;
  if (low_mass >= low_mass_limit) return `sample missed ${integer(low_mass)} rows`;
  return `refit gains ${figure(gain)} nats/row (limit ${figure(gain_limit)})`;
}

const integer = (value: number) => value.toLocaleString('en');

const figure = (value: number | null) => (value === null ? '-' : String(Number(value.toPrecision(4))));

/** A word as a shell takes it: what the summary proposes is copied and run. */
export const shellWord = (text: string) => (/^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

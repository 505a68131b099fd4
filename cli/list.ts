import type { Command } from 'commander';
import prettyBytes from 'pretty-bytes';
import { type DatasetRun, datasetRuns } from '../functions/housekeeping/dataset-runs.ts';
import { openHouse } from './open-house.ts';
import { formatTable } from './table-output.ts';

export function registerList(program: Command): void {
  program
    .command('list')
    .description('List the committed runs of each dataset, the newest first, and say which one readers get.')
    .argument('[OUT]', 'output folder, or s3://BUCKET: the output bucket', '.')
    .option('--json', 'print an array of JSON objects')
    .addHelpText('after', '\nExamples:\n  modemap list normalized/\n  modemap list s3://OUTPUT_BUCKET --json')
    .action(async (place: string, { json }: { json?: true }) => {
      const { house, close } = await openHouse(place, {}, 'records');
      try {
        const runs = await datasetRuns(house.output, house.currents);
        process.stdout.write(`${json ? JSON.stringify(runs.map(asJson)) : formatRuns(runs)}\n`);
      } finally {
        await close();
      }
    });
}

function asJson({ record, isCurrent }: DatasetRun) {
  const { dataset, dataset_id, run_id, order, created_at, status, rows, bytes_in, bytes_out, passes } = record;
  return {
    dataset,
    dataset_id,
    run_id,
    order,
    created_at,
    status,
    rows,
    bytes_in,
    bytes_out,
    passes,
    current: isCurrent,
  };
}

function formatRuns(runs: readonly DatasetRun[]): string {
  if (runs.length === 0) return 'no committed run';
  return formatTable(
    ['dataset', 'run', 'order', 'status', 'rows', 'size', 'passes', ''],
    runs.map(({ record, isCurrent }) => [
      record.dataset,
      record.run_id,
      record.order,
      record.status,
      record.rows.toLocaleString('en'),
      prettyBytes(record.bytes_out),
      String(record.passes),
      isCurrent ? 'current' : '',
    ]),
  );
}

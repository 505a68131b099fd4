import { type CatalogColumn, parquetStorage, type TableDefinition } from '../contract/catalog.ts';
import type { CurrentRun } from '../contract/current-run.ts';
import type { RunRecord } from '../contract/run-record.ts';

/** What a dataset's table says of the run it shows; the keys of its parameters. */
const PARAMETER = { move: 'modemap.move', runId: 'modemap.run_id', order: 'modemap.order' };

/**
 * The table of a dataset, showing one run of it: the whole table is replaced when another run becomes the current one.
 *
 * @param output `s3://bucket/` of the output store
 */
export function datasetTable(
  record: RunRecord,
  columns: CatalogColumn[],
  { move, runId, order }: CurrentRun,
  output: string,
): TableDefinition {
  return {
    Name: record.dataset_id,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      [PARAMETER.move]: String(move),
      [PARAMETER.runId]: runId,
      [PARAMETER.order]: order,
    },
    PartitionKeys: [],
    StorageDescriptor: parquetStorage(columns, `${output}${record.data_location}`),
  };
}

/**
 * Which move of the dataset's pointer a table shows.
 *
 * @param parameters of the table; one that somebody else has made shows none: -1
 */
export function moveOf(parameters: Readonly<Record<string, string>>): number {
  const text = parameters[PARAMETER.move] ?? '';
  return /^\d+$/.test(text) ? Number(text) : -1;
}

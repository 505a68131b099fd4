import { datasetTable, moveOf } from '../shared/catalog/dataset-table.ts';
import { tableColumns } from '../shared/catalog/table-columns.ts';
import { outputKeys } from '../shared/contract/keys.ts';
import { runRecordSchema } from '../shared/contract/run-record.ts';
import { readFooter } from '../shared/parquet/footer.ts';
import type { ParquetFooter } from '../shared/parquet/footer-types.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';
import type { Catalog } from './catalog.ts';
import type { CurrentRuns } from './current-runs.ts';
import { readJson } from './stage-io.ts';

/**
 * Make the dataset's table show the run that is current: made at the first commit, replaced at every later one, in one
 * step each, so that a reader gets the old run or the new one, whole. The files of the old one stay.
 *
 * Which run is current is decided once, by the pointer; its moves are counted, and the table says which one it shows.
 * So a commit that comes late, or after a crash, neither turns the table back nor leaves it behind. It looks again
 * after every change: the pointer may have moved meanwhile.
 */
export async function followCurrentRun(
  output: ObjectStore,
  currents: CurrentRuns,
  catalog: Catalog,
  datasetId: string,
): Promise<void> {
  for (;;) {
    const current = await currents.read(datasetId);
    const table = await catalog.readTable(datasetId);
    if (!current || (table && moveOf(table.parameters) >= current.move)) return;
    const key = outputKeys.record({ datasetId, runId: current.runId });
    const record = await readJson(output, key, runRecordSchema);
    const footer = await readAnyFooter(output, record.data_location);
    // all partitions failed, and were allowed to: there is nothing to show
    if (!footer) return;
    const definition = datasetTable(record, tableColumns(footer).columns, current, catalog.output);
    if (table) await catalog.replaceTable(definition, table);
    else await catalog.createTable(definition);
  }
}

/** The footer of the first part below `prefix`: all parts of a run have one schema. Undefined where there is no part. */
async function readAnyFooter(output: ObjectStore, prefix: string): Promise<ParquetFooter | undefined> {
  for await (const { key, etag, sizeBytes } of output.list(prefix)) return readFooter(output, key, etag, sizeBytes);
  return undefined;
}

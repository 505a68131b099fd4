import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { Catalog } from '../catalog.ts';
import type { CurrentRuns } from '../current-runs.ts';
import { followCurrentRun } from '../follow-current-run.ts';
import type { CatalogEntries } from './ports.ts';

/** A catalog that entries can be taken out of, too. */
export type ErasableCatalog = Catalog & Pick<CatalogEntries, 'dropTable' | 'dropPartitions'>;

/** What a deployment's catalog says of runs. A table is moved as commit moves it: to the run that is current. */
export function catalogEntries(output: ObjectStore, currents: CurrentRuns, catalog: ErasableCatalog): CatalogEntries {
  return {
    async moveTable({ datasetId }) {
      if (await catalog.readTable(datasetId)) await followCurrentRun(output, currents, catalog, datasetId);
    },
    dropTable: (datasetId) => catalog.dropTable(datasetId),
    dropPartitions: (runs) => catalog.dropPartitions(runs),
  };
}

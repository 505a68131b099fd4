import type { CatalogEntries } from '../housekeeping/ports.ts';

/** Where nothing but the stores knows of runs. */
export const NO_CATALOG: CatalogEntries = {
  moveTable: async () => {},
  dropTable: async () => {},
  dropPartitions: async () => {},
};

import type { TableDefinition } from '../shared/contract/catalog.ts';
import type { RunReference } from '../shared/contract/keys.ts';

/** A dataset's table as it stands in the catalog. */
export interface StoredTable {
  parameters: Readonly<Record<string, string>>;
  /** changes with every change of the table */
  version: string;
}

/** Where engines look up tables by name: the deployment's own tables and one a dataset. */
export interface Catalog {
  /** `s3://bucket/` of the output store, as the tables name it */
  readonly output: string;
  /** Add the run's partition to each table of results; one that is there stays as it is. */
  addPartitions(run: RunReference): Promise<void>;
  /** The dataset's table, or undefined where there is none yet. */
  readTable(datasetId: string): Promise<StoredTable | undefined>;
  /** Make a dataset's table; false where there is one. */
  createTable(definition: TableDefinition): Promise<boolean>;
  /** Replace a dataset's table; false where it is no longer the one that was `seen`. */
  replaceTable(definition: TableDefinition, seen: StoredTable): Promise<boolean>;
}

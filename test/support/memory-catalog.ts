import type { Catalog, StoredTable } from '../../functions/catalog.ts';
import type { TableDefinition } from '../../shared/contract/catalog.ts';
import type { RunReference } from '../../shared/contract/keys.ts';

/** A catalog as Glue is one: each table has a version, and a change must have seen the latest. */
export class MemoryCatalog implements Catalog {
  readonly output = 's3://output/';
  readonly partitions = new Set<string>();
  readonly tables = new Map<string, { definition: TableDefinition; version: number }>();
  /** each change that was made, as `table: run`, in order */
  readonly shown: string[] = [];
  /** done before the next change */
  interfere: (() => Promise<unknown>) | undefined;

  async addPartitions({ datasetId, runId }: RunReference): Promise<void> {
    this.partitions.add(`${datasetId}/${runId}`);
  }

  async readTable(datasetId: string): Promise<StoredTable | undefined> {
    const table = this.tables.get(datasetId);
    return table && { parameters: table.definition.Parameters, version: String(table.version) };
  }

  async createTable(definition: TableDefinition): Promise<boolean> {
    await this.#interference();
    if (this.tables.has(definition.Name)) return false;
    return this.#put(definition, 0);
  }

  async replaceTable(definition: TableDefinition, seen: StoredTable): Promise<boolean> {
    await this.#interference();
    const { version } = this.tables.get(definition.Name)!;
    return String(version) === seen.version && this.#put(definition, version + 1);
  }

  /** Where the table of a dataset lies. */
  locationOf(datasetId: string): string | undefined {
    return this.tables.get(datasetId)?.definition.StorageDescriptor.Location;
  }

  #put(definition: TableDefinition, version: number): true {
    this.tables.set(definition.Name, { definition, version });
    this.shown.push(definition.Parameters['modemap.run_id']);
    return true;
  }

  async #interference(): Promise<void> {
    const { interfere } = this;
    this.interfere = undefined;
    await interfere?.();
  }
}

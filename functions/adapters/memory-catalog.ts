import type { RunReference } from '../../shared/contract/keys.ts';
import type { CatalogEntries } from '../housekeeping/ports.ts';

/** A catalog in memory: one table a dataset, and the partitions of runs. */
export class MemoryCatalog implements CatalogEntries {
  /** the id of the run that each dataset's table shows */
  readonly tables = new Map<string, string>();
  readonly partitions: RunReference[] = [];

  async moveTable({ datasetId, runId }: RunReference): Promise<void> {
    if (this.tables.has(datasetId)) this.tables.set(datasetId, runId);
  }

  async dropTable(datasetId: string): Promise<void> {
    this.tables.delete(datasetId);
  }

  async dropPartitions({ datasetId, runId }: { datasetId: string; runId?: string }): Promise<void> {
    const goes = (run: RunReference) => run.datasetId === datasetId && (runId === undefined || run.runId === runId);
    const kept = this.partitions.filter((run) => !goes(run));
    this.partitions.splice(0, this.partitions.length, ...kept);
  }
}

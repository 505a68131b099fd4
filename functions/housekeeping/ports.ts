import type { RunReference } from '../../shared/contract/keys.ts';
import type { Eraser } from '../../shared/store/eraser.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import type { CurrentRuns } from '../current-runs.ts';

/** What queries find runs by, as far as runs that go leave it. Dropping what is not there is fine. */
export interface CatalogEntries {
  /** Let the dataset's table, where it has one, show this run. */
  moveTable(run: RunReference): Promise<void>;
  dropTable(datasetId: string): Promise<void>;
  /** Drop the partitions of one run, or of every run of a dataset, in every table that has them. */
  dropPartitions(runs: { datasetId: string; runId?: string }): Promise<void>;
}

/** Where runs are kept: a folder, or the buckets of a deployment. */
export interface House extends Pick<Stores, 'work' | 'output'> {
  erasers: { work: Eraser; output: Eraser };
  currents: CurrentRuns;
  catalog: CatalogEntries;
  /** Ids of the runs of a dataset that somebody is working on. */
  underWay(datasetId: string): Promise<string[]>;
}

/** Which of its two stores. */
export type Room = 'work' | 'output';

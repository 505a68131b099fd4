import { MemoryCatalog } from '../../functions/adapters/memory-catalog.ts';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import type { House } from '../../functions/housekeeping/ports.ts';
import { logListing } from '../../functions/listing-log.ts';
import { makeReduce } from '../../functions/reduce/reduce.ts';
import { encodeJson, readJson, readJsonLines } from '../../functions/stage-io.ts';
import { makeTransform } from '../../functions/transform/transform.ts';
import { outputKeys, type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { modelSchema } from '../../shared/contract/model.ts';
import { runRecordSchema } from '../../shared/contract/run-record.ts';
import { frozenInputsSchema, reduceGroupSchema } from '../../shared/contract/stages.ts';
import type { Eraser } from '../../shared/store/eraser.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { type CrashPoint, crashingStore } from './failing-store.ts';
import { parquetBytes } from './parquet-bytes.ts';
import { type MemoryStores, PROBES, planned, runUntil, storesOf } from './stage-run.ts';

/** A run with its plan and its model, to be transformed and committed again and again. */
export interface ReadyRun extends RunReference {
  stores: MemoryStores;
}

/** Run the real stages up to the fit: `variants` different runs of one dataset, in two partitions. */
export async function readyRuns(dataset: string, variants: number): Promise<ReadyRun[]> {
  const file = await parquetBytes('select sqrt(i + 1)::double as x from range(40) t(i)');
  const runs: ReadyRun[] = [];
  for (let seed = 0; seed < variants; seed++) {
    const stores = storesOf({ 'a.parquet': file, 'b.parquet': file });
    const configuration = { fit: 'sample', maxComponents: 1, partitionBytes: 1, seed };
    runs.push({ ...(await runUntil('fit', stores, { dataset, configuration })), stores });
  }
  return runs;
}

/** Stores that keep versions, a pointer, a catalog and a clock: all that runs leave behind, in memory. */
export class MemoryHouse implements House {
  /** ms since 1970 */
  time = Date.parse('2026-03-01T00:00:00Z');
  readonly work = new MemoryStore({ versioned: true, now: () => this.time });
  readonly output = new MemoryStore({ versioned: true, now: () => this.time });
  readonly erasers = { work: this.work, output: this.output };
  readonly currents = storedCurrentRuns(this.output);
  readonly catalog = new MemoryCatalog();
  /** ids of runs that somebody is working on */
  readonly running: string[] = [];

  underWay = async () => this.running;

  /** The files of a run are dropped at this moment: it is listed, worked on where it has no record, and committed. */
  async drop({ stores, ...run }: ReadyRun): Promise<void> {
    const order = new Date(this.time).toISOString();
    if (!(await this.output.head(outputKeys.record(run)))) {
      const inputs = await readJson(stores.work, workKeys.inputs(run), frozenInputsSchema);
      await this.work.write(workKeys.inputs(run), encodeJson({ ...inputs, order }));
      for await (const { key } of stores.work.list('')) await this.work.write(key, await stores.work.read(key));
      await this.#transform({ input: stores.input, work: this.work, output: this.output }, run);
    }
    await logListing(this.work, run, order);
    const ports = { work: this.work, output: this.output };
    await makeCommit(ports, () => new Date(this.time).toISOString(), this.currents)({ ...run, pass: 0 });
    const current = await this.currents.read(run.datasetId);
    if (current) this.catalog.tables.set(run.datasetId, current.runId);
    await this.catalog.dropPartitions(run);
    this.catalog.partitions.push({ datasetId: run.datasetId, runId: run.runId });
  }

  async #transform(stores: MemoryStores, run: RunReference): Promise<void> {
    for (const partition of await planned(stores, run)) {
      await makeTransform(stores, PROBES)({ ...run, pass: 0, partition });
    }
    for (const group of await readJsonLines(this.work, workKeys.groups(run), reduceGroupSchema)) {
      await makeReduce(stores)({ ...run, pass: 0, group });
    }
  }

  /** The same house for a process that dies before or after its n-th change. */
  dyingAt(point: CrashPoint): House {
    const { catalog } = this;
    return {
      ...this.#dying(point),
      catalog: {
        moveTable: (run) => point.around('moveTable', () => catalog.moveTable(run)),
        dropTable: (datasetId) => point.around('dropTable', () => catalog.dropTable(datasetId)),
        dropPartitions: (runs) => point.around('dropPartitions', () => catalog.dropPartitions(runs)),
      },
      underWay: this.underWay,
    };
  }

  #dying(point: CrashPoint): Pick<House, 'work' | 'output' | 'erasers' | 'currents'> {
    const work = crashingStore(this.work, point);
    const output = crashingStore(this.output, point);
    const erasers = { work: crashingEraser(this.work, point), output: crashingEraser(this.output, point) };
    return { work, output, erasers, currents: storedCurrentRuns(output) };
  }

  /**
   * What must hold at every moment: every run that has a record is whole; the pointer and the table show such a run or
   * are gone.
   *
   * @returns what does not hold
   */
  async faults(): Promise<string[]> {
    const faults: string[] = [];
    const committed = new Set<string>();
    for await (const { key } of this.output.list(outputKeys.records)) {
      const record = await readJson(this.output, key, runRecordSchema);
      committed.add(`${record.dataset_id}/${record.run_id}`);
      const sizes = await sizesOf(this.output, record.data_location);
      const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
      if (sizes.length !== record.partitions || sizeBytes !== record.bytes_out)
        faults.push(`${key}: parts are missing`);
      if ((await sizesOf(this.output, record.metrics_location)).length !== 1)
        faults.push(`${key}: metrics are missing`);
      await readJson(this.output, record.model_key, modelSchema).catch((error) => faults.push(`${key}: ${error}`));
    }
    for (const datasetId of this.datasets) {
      const current = await this.currents.read(datasetId);
      if (current && !committed.has(`${datasetId}/${current.runId}`)) faults.push(`${datasetId}: pointer to nothing`);
      const shown = this.catalog.tables.get(datasetId);
      if (shown && !committed.has(`${datasetId}/${shown}`)) faults.push(`${datasetId}: table of nothing`);
    }
    return faults;
  }

  /** those that {@link faults} looks at */
  readonly datasets = ['table', 'other'];
}

async function sizesOf(store: ObjectStore, prefix: string): Promise<number[]> {
  const sizes = [];
  for await (const { sizeBytes } of store.list(prefix)) sizes.push(sizeBytes);
  return sizes;
}

/** Every key is a change by itself. */
function crashingEraser(store: MemoryStore, point: CrashPoint): Eraser {
  return {
    versions: (prefix) => store.versions(prefix),
    removeEveryVersion: async (prefix) => {
      const keys = new Set<string>();
      for await (const { key } of store.versions(prefix)) keys.add(key);
      for (const key of keys) await point.around(key, () => store.removeEveryVersion(key));
    },
  };
}

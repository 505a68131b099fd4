import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalStore } from '../../functions/adapters/local-store.ts';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { readMergedSummaries } from '../../functions/merged-summaries.ts';
import { makeReduce } from '../../functions/reduce/reduce.ts';
import { makeTransform } from '../../functions/transform/transform.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import type { Model } from '../../shared/contract/model.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import type { ObjectStore, Stores } from '../../shared/store/object-store.ts';
import { writeParquetFile } from '../support/duckdb.ts';
import { gaussian, modelOf } from '../support/models.ts';
import { PROBES, planned, runUntil } from '../support/stage-run.ts';

const COLUMNS = 300;
const ROWS = 16_000;
/** Values so far apart that most have a cell of their own. */
const value = (column: number) => `exp((hash(i * 1009 + ${column}) % 100000) / 3000.0)`;

let folder: string;
let collect: () => void;
beforeAll(async () => {
  initialiseParquetWasm();
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
  folder = await mkdtemp(join(tmpdir(), 'modemap-wide-'));
});
afterAll(() => rm(folder, { recursive: true }));

const NAMES = Array.from({ length: COLUMNS }, (_, i) => `c${i}`);

/** A planned run of the table, and the model that a fit would leave. */
async function plannedRun() {
  const select = NAMES.map((name, i) => `${value(i)} as ${name}`);
  await mkdir(join(folder, 'input'), { recursive: true });
  await writeParquetFile(
    join(folder, 'input', 'a.parquet'),
    `select ${select.join(', ')} from range(${ROWS}) t(i)`,
    `row_group_size ${ROWS}, codec uncompressed`,
  );
  const input = new LocalStore(join(folder, 'input'));
  const stores: Stores = {
    input,
    work: new LocalStore(join(folder, 'work')),
    output: new LocalStore(join(folder, 'out')),
  };
  const run = await runUntil('plan', stores);
  const model: Model = {
    format: 'modemap-model',
    version: 1,
    dataset: 'table',
    datasetId: run.datasetId,
    pass: 0,
    source: { kind: 'sample', rows: ROWS, ofRows: ROWS },
    options: parseConfiguration(null, 'none'),
    decisions: NAMES.map((name) => ({ name, action: 'normalize', reason: 'a double' })),
    columns: NAMES.map((name) => modelOf([gaussian(0.5, 1e3, 1e4), gaussian(0.5, 1e13, 1e14)], { name })),
  };
  await stores.work.write(workKeys.model(run, 0), Buffer.from(JSON.stringify(model)));
  return { stores, run };
}

/** Megabytes of arrays that are in use beyond those at the start, the most at any two hundredth look. */
function mostInUse() {
  collect();
  const start = process.memoryUsage().arrayBuffers;
  let looks = 0;
  let most = 0;
  return {
    look: () => {
      if (looks++ % 200 > 0) return;
      collect();
      most = Math.max(most, (process.memoryUsage().arrayBuffers - start) / 1e6);
    },
    megabytes: () => most,
  };
}

/** Looks at every request. */
function watched(store: ObjectStore, look: () => void): ObjectStore {
  return {
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    read: (key, range) => {
      look();
      return store.read(key, range);
    },
    write: (key, bytes) => store.write(key, bytes),
    remove: (key) => store.remove(key),
    openWrite: async (key) => {
      const writer = await store.openWrite(key);
      return {
        write: (bytes) => {
          look();
          return writer.write(bytes);
        },
        close: () => writer.close(),
        abort: () => writer.abort(),
      };
    },
  };
}

it('transform and reduce hold a column at a time, however many a table has', async () => {
  const { stores, run } = await plannedRun();
  const transform = mostInUse();
  const now = () => {
    transform.look();
    return 0;
  };
  for (const partition of await planned(stores, run))
    await makeTransform(stores, { ...PROBES, now })({ ...run, pass: 0, partition });
  const reduce = mostInUse();
  const work = watched(stores.work, reduce.look);
  await makeReduce({ work })({ ...run, pass: 0, group: { group: 0, partitionStart: 0, partitionEnd: 1 } });

  const merged = await readMergedSummaries(stores.work, run, { pass: 0, reduceGroups: 1, names: ['c7'] });
  const cellBytes = merged.get('c7')!.cells!.keys.length * 52;
  expect((COLUMNS * cellBytes) / 1e6).toBeGreaterThan(150);
  // tables 32, read ahead and in hand 33, the buffers of two writers 32, the summaries held at first 8
  expect(transform.megabytes()).toBeLessThan(110);
  // blocks in hand 20, the buffers of a writer 16, what is held at first 8
  expect(reduce.megabytes()).toBeLessThan(50);
});

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_CATALOG } from '../../../functions/adapters/no-catalog.ts';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeCollect } from '../../../functions/collect/collect.ts';
import { makeCommit } from '../../../functions/commit/commit.ts';
import { type CurrentRuns, storedCurrentRuns } from '../../../functions/current-runs.ts';
import { makeFit } from '../../../functions/fit/fit.ts';
import { removeRun } from '../../../functions/housekeeping/remove-run.ts';
import { logListing } from '../../../functions/listing-log.ts';
import { makeReduce } from '../../../functions/reduce/reduce.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { outputKeys, type RunReference } from '../../../shared/contract/keys.ts';
import type { ObjectStore } from '../../../shared/store/object-store.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, NOW, PROBES, planned, runUntil, storesOf } from '../../support/stage-run.ts';

const T1 = '2026-01-01T00:00:01.000Z';
const T2 = '2026-01-01T00:00:02.000Z';
const T3 = '2026-01-01T00:00:03.000Z';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes('select sqrt(i + 1)::double as x from range(40) t(i)');
});

let stores: MemoryStores;
let currents: CurrentRuns;
let a: RunReference;
let b: RunReference;
/** Two runs of one dataset, ready to commit: A of the listing at T1, B of the one at T2. */
beforeEach(async () => {
  stores = storesOf({ 'a.parquet': file });
  currents = storedCurrentRuns(stores.output);
  const configuration = { fit: 'sample', maxComponents: 1 };
  a = await runUntil('reduce', stores, { order: T1, configuration });
  b = await runUntil('reduce', stores, { order: T2, configuration: { ...configuration, seed: 1 } });
  await logListing(stores.work, a, T1);
  await logListing(stores.work, b, T2);
});

const commit = (run: RunReference, through: Parameters<typeof makeCommit>[0] = stores) =>
  makeCommit(through, NOW, storedCurrentRuns(through.output))({ ...run, pass: 0 });
const current = async () => (await currents.read('table'))?.runId;

describe('of two runs of one dataset', () => {
  it('the one of the newer listing is current, whichever commits first', async () => {
    await commit(a);
    expect(await current()).toBe(a.runId);
    await commit(b);
    expect(await current()).toBe(b.runId);
  });

  it('an older one that commits late changes nothing for readers', async () => {
    await commit(b);
    await commit(a);
    expect(await current()).toBe(b.runId);
    expect(await stores.output.head(outputKeys.record(a))).toBeDefined();
  });

  it('the one of the newer listing is current where both commit at once', async () => {
    await Promise.all([commit(a), commit(b)]);
    expect(await current()).toBe(b.runId);
  });

  it('that is wanted again is current again by a commit that writes nothing else', async () => {
    await commit(a);
    await commit(b);
    const before = await contentsOf(stores.output);
    await logListing(stores.work, a, T3);
    await commit(a);
    expect(await current()).toBe(a.runId);
    const added = Object.keys(await contentsOf(stores.output)).filter((key) => !(key in before));
    expect(added).toEqual([outputKeys.current('table', 3)]);
  });

  it('that is wanted again before it commits stays current though the other one commits last', async () => {
    await logListing(stores.work, a, T3);
    await commit(a);
    await commit(b);
    expect(await current()).toBe(a.runId);
  });

  it('the order of the records counts where the log of listings has expired', async () => {
    for (const key of Object.keys(await contentsOf(stores.work, 'table/listings/'))) await stores.work.remove(key);
    await commit(b);
    await commit(a);
    expect(await current()).toBe(b.runId);
  });

  it('a listing noted between the look at the log and the move is found by the look after it', async () => {
    await commit(a);
    const write = stores.output.write.bind(stores.output);
    stores.output.write = async (key, bytes) => {
      if (key === outputKeys.current('table', 2)) await logListing(stores.work, a, T3);
      return write(key, bytes);
    };
    await commit(b);
    expect(await current()).toBe(a.runId);
  });

  it('a move from what is no longer current fails', async () => {
    await commit(b);
    const seen = await currents.read('table');
    expect(seen).toEqual({ runId: b.runId, order: T2, move: 1 });
    expect(await currents.move('table', { runId: a.runId, order: T1 }, undefined)).toBe(false);
    expect(await currents.read('table')).toEqual(seen);
  });
});

describe('a commit and an erasure at the same time', () => {
  const house = () => ({
    ...stores,
    erasers: stores,
    currents,
    catalog: NO_CATALOG,
    underWay: async () => [],
  });
  const forgetting = (run: RunReference) =>
    removeRun(house(), run, (room, prefix) => stores[room].removeEveryVersion(prefix));

  it('leave the pointer at a run that is there, whatever the erasure meets between record and pointer', async () => {
    await commit(b);
    await commit(a);
    await logListing(stores.work, a, T3);
    // the commit of A, wanted again, has found its record; then A is erased; then the commit moves the pointer
    const move = stores.output.write.bind(stores.output);
    stores.output.write = async (key, bytes) => {
      stores.output.write = move;
      await forgetting(a);
      return move(key, bytes);
    };
    await commit(a);
    expect(await current()).toBe(b.runId);
    expect(Object.keys(await contentsOf(stores.output)).filter((key) => key.includes(a.runId))).toEqual([]);
  });

  it('leave the pointer at a run that is there, whatever the commit meets between pointer and record', async () => {
    await commit(a);
    await commit(b);
    const remove = stores.output.removeEveryVersion.bind(stores.output);
    stores.output.removeEveryVersion = async (prefix) => {
      stores.output.removeEveryVersion = remove;
      // B was turned away from; it is wanted again and made the current one, just before its record goes
      await logListing(stores.work, b, T3);
      await commit(b);
      expect(await current()).toBe(b.runId);
      return remove(prefix);
    };
    await forgetting(b);
    expect(await current()).toBe(a.runId);
  });

  it('leave no pointer where the only run is erased', async () => {
    await commit(a);
    await forgetting(a);
    expect(await current()).toBeUndefined();
  });
});

describe('a commit that publishes and is cut short', () => {
  const moments = [1, 2, 3, 4, 5, 6].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]);

  it.each(moments)('at change %i, just %s it, ends the same', async (at, when) => {
    const untouched = Object.keys(await contentsOf(stores.output));
    await commit(a);
    const expected = await contentsOf(stores.output);
    for (const key of Object.keys(expected)) if (!untouched.includes(key)) await stores.output.remove(key);
    const output = crashingStore(stores.output, new CrashPoint(at, when));
    await expect(commit(a, { ...stores, output })).rejects.toThrow(Crash);
    // between the record and the pointer the run is committed and readers still get what they had
    expect(await current()).toBe(at === 6 && when === 'after' ? a.runId : undefined);
    await commit(a);
    expect(await contentsOf(stores.output)).toEqual(expected);
  });
});

describe('a late transform of pass 0 after the commit of pass 1', () => {
  it('changes nothing of what readers get, and its part is gone after the next commit', async () => {
    // every second row is of a mode that a sample of every second row never sees
    const value = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
    const misleading = await parquetBytes(`select (${value})::double as x from range(4000) t(i)`);
    stores = storesOf({ 'a.parquet': misleading });
    const run = await runUntil('plan', stores, { configuration: { sampleRows: 2000 } });
    const [partition] = await planned(stores, run);
    const transform = makeTransform(stores, PROBES);
    const fitAll = async (pass: number) => {
      await makeFit(stores)({ ...run, pass, group: 0 });
      return makeCollect(stores)({ ...run, pass });
    };
    const reduce = (pass: number) =>
      makeReduce(stores)({ ...run, pass, group: { group: 0, partitionStart: 0, partitionEnd: 1 } });
    await fitAll(0);

    // an attempt that hangs before its part becomes visible; another one takes its place
    const { hung, letGo } = hangingStore(stores.output);
    const late = makeTransform({ ...stores, output: hung }, PROBES)({ ...run, pass: 0, partition });
    await transform({ ...run, pass: 0, partition });
    await reduce(0);
    expect(await fitAll(1)).toEqual({ again: true });
    await transform({ ...run, pass: 1, partition });
    await reduce(1);
    const commitPass = (pass: number) => makeCommit(stores, NOW, storedCurrentRuns(stores.output))({ ...run, pass });
    expect(await commitPass(1)).toMatchObject({ passes: 2, rows: 4000, data_location: outputKeys.data(run, 1) });
    const before = await contentsOf(stores.output);

    letGo();
    await late;
    const after = await contentsOf(stores.output);
    const part = outputKeys.part(run, 0, 0);
    expect(Object.keys(after).filter((key) => !(key in before))).toEqual([part]);
    delete after[part];
    expect(after).toEqual(before);
    // whatever pass the caller believes in
    await commitPass(0);
    expect(await contentsOf(stores.output)).toEqual(before);
  });
});

/** A store whose large objects do not become visible before `letGo`. */
function hangingStore(store: ObjectStore): { hung: ObjectStore; letGo: () => void } {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const hung: ObjectStore = {
    head: (key) => store.head(key),
    list: (prefix) => store.list(prefix),
    read: (key, range) => store.read(key, range),
    write: (key, bytes) => store.write(key, bytes),
    remove: (key) => store.remove(key),
    openWrite: async (key) => {
      const writer = await store.openWrite(key);
      return { ...writer, close: () => gate.then(() => writer.close()) };
    },
  };
  return { hung, letGo: () => letGo() };
}

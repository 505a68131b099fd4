import { beforeAll, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { outputKeys, workKeys } from '../../../shared/contract/keys.ts';
import type { ObjectStore } from '../../../shared/store/object-store.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { PROBES, planned, runUntil, storesOf } from '../../support/stage-run.ts';

beforeAll(() => initialiseParquetWasm());

const table = () =>
  parquetBytes('select (hash(i) % 3000 / 10)::double as a from range(6144) t(i)', 'row_group_size 2048');
const configuration = { maxComponents: 2, partitionBytes: 1 };

it('partitions asked for at once are the same as one after the other', async () => {
  const parts = [];
  for (const atOnce of [false, true]) {
    const stores = storesOf({ 'a.parquet': await table() });
    const run = await runUntil('fit', stores, { configuration });
    const transform = makeTransform(stores, PROBES);
    const tasks = (await planned(stores, run)).map((partition) => ({ ...run, pass: 0, partition }));
    if (atOnce) await Promise.all(tasks.map(transform));
    else for (const task of tasks) await transform(task);
    parts.push(await Promise.all([0, 1, 2].map((part) => stores.output.read(outputKeys.part(run, 0, part)))));
  }
  expect(parts[1]).toEqual(parts[0]);
});

it('while one part is on its way to the disk the next is worked on, and neither has a receipt before it is there', async () => {
  const stores = storesOf({ 'a.parquet': await table() });
  const run = await runUntil('fit', stores, { configuration });
  const [one, two] = await planned(stores, run);
  const disk = slowDisk(stores.output);
  const transform = makeTransform({ ...stores, output: disk.store }, PROBES);
  const first = transform({ ...run, pass: 0, partition: one });
  const second = transform({ ...run, pass: 0, partition: two });
  const keys = [one, two].map(({ partition }) => outputKeys.part(run, 0, partition));
  // both are written, none is let through
  await disk.closing(keys[1]);
  expect(disk.waiting()).toEqual(keys);
  const receipts = () =>
    Promise.all([one, two].map(({ partition }) => stores.work.head(workKeys.receipt(run, 0, partition))));
  expect(await receipts()).toEqual([undefined, undefined]);
  disk.letThrough(keys[1]);
  await second;
  expect((await receipts()).map((receipt) => receipt !== undefined)).toEqual([false, true]);
  disk.letThrough(keys[0]);
  await first;
});

/** A store on which an object is closed when it is told to. */
function slowDisk(store: ObjectStore) {
  const waiting = new Map<string, () => void>();
  let closing = (_: string) => {};
  const slow = Object.create(store) as ObjectStore;
  slow.head = (key) => store.head(key);
  slow.openWrite = async (key) => {
    const writer = await store.openWrite(key);
    const close = async () => {
      const isLetThrough = new Promise<void>((resolve) => waiting.set(key, resolve));
      closing(key);
      await isLetThrough;
      return writer.close();
    };
    return { write: (bytes) => writer.write(bytes), close, abort: () => writer.abort() };
  };
  return {
    store: slow,
    waiting: () => [...waiting.keys()],
    letThrough: (key: string) => waiting.get(key)?.(),
    closing: (wanted: string) =>
      new Promise<void>((resolve) => {
        closing = (key) => (key === wanted ? resolve() : undefined);
        if (waiting.has(wanted)) resolve();
      }),
  };
}

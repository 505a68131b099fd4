import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { logListing } from '../../functions/listing-log.ts';
import { outputKeys, type RunReference } from '../../shared/contract/keys.ts';
import { MemoryCatalog } from '../support/memory-catalog.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, NOW, runUntil, storesOf } from '../support/stage-run.ts';

const [T1, T2, T3] = [1, 2, 3].map((second) => `2026-01-01T00:00:0${second}.000Z`);

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes('select sqrt(i + 1)::double as x, i::uinteger as u from range(40) t(i)');
});

let stores: MemoryStores;
let catalog: MemoryCatalog;
let a: RunReference;
let b: RunReference;
/** Two runs of one dataset, ready to commit: A of the listing at T1, B of the one at T2. */
beforeEach(async () => {
  stores = storesOf({ 'a.parquet': file });
  catalog = new MemoryCatalog();
  const configuration = { fit: 'sample', maxComponents: 1 };
  a = await runUntil('reduce', stores, { order: T1, configuration });
  b = await runUntil('reduce', stores, { order: T2, configuration: { ...configuration, keepOriginal: true } });
  await logListing(stores.work, a, T1);
  await logListing(stores.work, b, T2);
});

const commit = (run: RunReference) =>
  makeCommit(stores, NOW, storedCurrentRuns(stores.output), catalog)({ ...run, pass: 0 });
const shows = (run: RunReference) => expect(catalog.locationOf('table')).toBe(`s3://output/${outputKeys.data(run, 0)}`);

describe('the table of a dataset', () => {
  it('is made at the first commit, of the columns of its parts, beside the run’s partitions', async () => {
    const record = await commit(a);
    expect(catalog.tables.get('table')?.definition).toMatchObject({
      Name: 'table',
      Parameters: { 'modemap.run_id': a.runId, 'modemap.order': T1, 'modemap.move': '1' },
      StorageDescriptor: {
        Columns: [
          { Name: 'x_normalized', Type: expect.stringMatching(/^(float|double)$/) },
          { Name: 'x_component', Type: 'tinyint' },
        ],
      },
    });
    expect(record.omitted_columns).toEqual([{ name: 'u', reason: 'Athena does not read INTEGER(32, unsigned) right' }]);
    expect([...catalog.partitions]).toEqual([`table/${a.runId}`]);
  });

  it('shows each newer run as soon as that is committed, and the data of the older one stays', async () => {
    await commit(a);
    const before = Object.keys(await contentsOf(stores.output, outputKeys.data(a, 0)));
    await commit(b);
    shows(b);
    expect(catalog.tables.get('table')?.definition.StorageDescriptor.Columns.map(({ Name }) => Name)).toEqual([
      'x',
      'x_normalized',
      'x_component',
    ]);
    expect(Object.keys(await contentsOf(stores.output, outputKeys.data(a, 0)))).toEqual(before);
  });

  it('does not go back to a run that commits late', async () => {
    await commit(b);
    await commit(a);
    shows(b);
    expect(catalog.shown).toEqual([b.runId]);
    expect(catalog.partitions.size).toBe(2);
  });

  it('goes back to a run that is wanted again', async () => {
    await commit(a);
    await commit(b);
    await logListing(stores.work, a, T3);
    await commit(a);
    expect(catalog.shown).toEqual([a.runId, b.runId, a.runId]);
  });

  it('is decided again where somebody else has changed it meanwhile', async () => {
    await commit(a);
    catalog.interfere = async () => {
      await logListing(stores.work, a, T3);
      await commit(a);
    };
    await commit(b);
    shows(a);
    // the change of the interfering commit came first, and that of the one it interfered with was refused
    expect(catalog.shown).toEqual([a.runId, a.runId]);
  });

  it('is made by one of two first commits at the same time, and shows the newer run', async () => {
    catalog.interfere = () => commit(b);
    await commit(a);
    shows(b);
    expect(catalog.shown).toEqual([b.runId]);
  });

  it('is moved by a repeated commit where the first one died between the pointer and the table', async () => {
    catalog.interfere = async () => {
      throw new Error('the process is dead');
    };
    await expect(commit(a)).rejects.toThrow('the process is dead');
    expect(catalog.tables.size).toBe(0);
    await commit(a);
    shows(a);
  });

  it('that somebody else has made is taken over', async () => {
    const definition = { ...(await commitElsewhere()), Parameters: {} };
    catalog.tables.set('table', { definition, version: 7 });
    await commit(b);
    shows(b);
  });
});

async function commitElsewhere() {
  const other = new MemoryCatalog();
  await makeCommit(stores, NOW, storedCurrentRuns(stores.output), other)({ ...a, pass: 0 });
  return other.tables.get('table')!.definition;
}

import { beforeEach, describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/plan/plan.ts';
import { type DatasetListing, listDataset } from '../../../functions/start/list-dataset.ts';
import type { InputLister } from '../../../functions/start/ports.ts';
import { ConfigurationError } from '../../../shared/contract/errors.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

const listed = (files: Record<string, string>, dataset = 'd'): Promise<DatasetListing> => {
  for (const [key, content] of Object.entries(files)) simulation.put(key, content);
  return listDataset(simulation.lister, dataset);
};
const keys = ({ objects }: DatasetListing) => objects.map(({ key }) => key);

describe('a folder', () => {
  it('gives its data in key order, its configuration and its marker', async () => {
    const listing = await listed({
      'd/b.parquet': 'x',
      'd/a/c.PARQUET': 'x',
      'd/_SUCCESS': '',
      'd/_modemap.json': '{}',
      'd/x/_SUCCESS': '',
      'd/.hidden.parquet': 'x',
      'd/empty.parquet': '',
      'd/notes.txt': 'x',
      'dd/a.parquet': 'another dataset',
      'd.x/a.parquet': 'another dataset',
      '_modemap.json': 'of files at the root',
    });
    expect([listing.root, keys(listing)]).toEqual(['d/', ['a/c.PARQUET', 'b.parquet']]);
    expect([listing.configuration?.key, listing.marker?.key]).toEqual(['d/_modemap.json', 'd/_SUCCESS']);
    expect(listing.problem).toBeUndefined();
  });

  it.each([
    [{}, true],
    [{ 'd/': '', 'd/_modemap.json': '{}', 'd/_temporary/a.parquet': 'x' }, true],
    [{ 'd/notes.txt': 'x' }, false],
    [{ 'd/empty.parquet': '' }, false],
    [{ 'd/_SUCCESS': '' }, false],
  ])('of %j is empty: %s', async (files, isEmpty) => {
    expect((await listed(files)).isEmpty).toBe(isEmpty);
  });

  it('is not read beyond what plan would refuse', async () => {
    let pages = 0;
    const endless: InputLister = {
      async *pages(prefix) {
        if (!prefix.endsWith('/')) return;
        for (; ; pages++) {
          const objects = Array.from({ length: 1000 }, (_, i) => ({
            key: `d/${pages}-${i}.parquet`,
            etag: 'e',
            sizeBytes: 1,
            modified: 0,
          }));
          yield { now: 0, objects };
        }
      },
    };
    expect((await listDataset(endless, 'd')).objects.length).toBe(LIMITS.objects + 1);
    expect(pages).toBe(LIMITS.objects / 1000);
  });
});

describe('a file at the root', () => {
  it('is a dataset of itself, with the configuration beside it and no marker', async () => {
    const listing = await listed({
      'd.parquet': 'x',
      '_modemap.json': '{}',
      _SUCCESS: '',
      'd.txt': 'x',
      'd.x.parquet': 'x',
    });
    expect([listing.root, keys(listing), listing.configuration?.key]).toEqual(['', ['d.parquet'], '_modemap.json']);
    expect([listing.marker, listing.problem, listing.isEmpty]).toEqual([undefined, undefined, false]);
  });

  it('is not looked for where there is none', async () => {
    expect(await listed({ 'dd.parquet': 'x' })).toMatchObject({ root: 'd/', objects: [], isEmpty: true });
  });
});

describe('a file and a folder of the same name', () => {
  it.each([
    [{ 'd.parquet': 'x', 'd/a.parquet': 'x' }, 'both d.parquet and d/a.parquet are there'],
    [{ 'd.parquet': 'x', 'd.PARQUET': 'x' }, 'both d.PARQUET and d.parquet are there'],
  ])('are a problem that names both: %j', async (files, both) => {
    expect((await listed(files)).problem).toEqual({
      name: 'ConfigurationError',
      message: `dataset "d" must be one file or one folder, ${both}; rename one`,
    });
  });

  it('are none where the folder holds no data', async () => {
    expect((await listed({ 'd.parquet': 'x', 'd/notes.txt': 'x' })).problem).toBeUndefined();
  });

  it('are reported by plan', async () => {
    simulation.put('d.parquet', 'x');
    simulation.put('d/a.parquet', 'x');
    const { datasetId, runId } = await simulation.stage.call('d');
    const plan = makePlan(simulation)({ datasetId, runId });
    await expect(plan).rejects.toThrow(ConfigurationError);
    await expect(plan).rejects.toThrow('both d.parquet and d/a.parquet are there');
  });
});

describe('the digest', () => {
  const digest = async (files: Record<string, string>) => {
    simulation = new SimulatedStart();
    return (await listed(files)).digest;
  };

  it('changes with data and configuration, and with nothing else', async () => {
    const expected = await digest({ 'd/a.parquet': 'x' });
    expect(await digest({ 'd/a.parquet': 'x', 'd/_SUCCESS': '', 'd/notes.txt': 'x', 'e/a.parquet': 'x' })).toBe(
      expected,
    );
    const others: Record<string, string>[] = [
      { 'd/a.parquet': 'y' },
      { 'd/b.parquet': 'x' },
      { 'd/a.parquet': 'x', 'd/b.parquet': 'x' },
      { 'd/a.parquet': 'x', 'd/_modemap.json': '{}' },
      { 'd/a.parquet': 'x', 'd/_modemap.json': '{ }' },
    ];
    const digests = new Set([expected]);
    for (const files of others) digests.add(await digest(files));
    expect(digests.size).toBe(1 + others.length);
  });
});

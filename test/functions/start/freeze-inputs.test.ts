import { describe, expect, it } from 'vitest';
import { type FreezeRequest, makeFreezeInputs } from '../../../functions/start/freeze-inputs.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { type MemoryStores, ORDER, storesOf } from '../../support/stage-run.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = { 'a.parquet': bytes('one'), 'b/c.PARQUET': bytes('two') };
const REQUEST = { dataset: 'table', root: '', order: ORDER, memoryBytes: 1e9 };

const freeze = (stores: MemoryStores, changes: Partial<FreezeRequest> = {}) =>
  makeFreezeInputs(stores)({ ...REQUEST, ...changes });
const runIdOf = async (files: Record<string, Uint8Array>, changes: Partial<FreezeRequest> = {}) =>
  (await freeze(storesOf(files), changes)).runId;

describe('what is frozen', () => {
  it('leaves out hidden, empty and foreign keys and anything outside the root', async () => {
    const stores = storesOf({
      'd/b.parquet': bytes('b'),
      'd/x/a.Parquet': bytes('a'),
      'd/_temporary/c.parquet': bytes('hidden'),
      'd/.part.parquet': bytes('hidden'),
      'd/x/_SUCCESS': bytes('hidden'),
      'd/empty.parquet': bytes(''),
      'd/notes.txt': bytes('foreign'),
      'd/a.parquet.crc': bytes('foreign'),
      'dd/a.parquet': bytes('another dataset'),
    });
    const { objects, root, dataset } = await freeze(stores, { root: 'd/' });
    expect([root, dataset]).toEqual(['d/', 'table']);
    expect(objects).toEqual([
      { key: 'b.parquet', etag: 'v1', sizeBytes: 1 },
      { key: 'x/a.Parquet', etag: 'v2', sizeBytes: 1 },
    ]);
  });

  it('is in the order of the UTF-8 bytes of the keys', async () => {
    const keys = ['\u{1f600}.parquet', '\uff21.parquet', 'b.parquet', 'B.parquet', 'a/z.parquet'];
    const { objects } = await freeze(storesOf(Object.fromEntries(keys.map((key) => [key, bytes('x')]))));
    expect(objects.map(({ key }) => key)).toEqual([
      'B.parquet',
      'a/z.parquet',
      'b.parquet',
      '\uff21.parquet',
      '\u{1f600}.parquet',
    ]);
  });

  it('is nothing of an empty dataset: to report it is the plan’s business', async () => {
    expect((await freeze(storesOf({}))).objects).toEqual([]);
  });
});

describe('the configuration', () => {
  it('beside the data is used as it stands there', async () => {
    const text = '{ "seed": 7 }\n';
    expect((await freeze(storesOf({ ...FILES, '_modemap.json': bytes(text) }))).configuration).toBe(text);
  });

  it('is the one at the root of the dataset, not of a folder in it or above it', async () => {
    const stores = storesOf({
      '_modemap.json': bytes('{"seed":1}'),
      'd/a.parquet': bytes('a'),
      'd/x/_modemap.json': bytes('{"seed":2}'),
    });
    expect((await freeze(stores, { root: 'd/' })).configuration).toBeNull();
  });

  it('that is passed replaces the one beside the data', async () => {
    const stores = storesOf({ ...FILES, '_modemap.json': bytes('{"seed":7}') });
    expect((await freeze(stores, { configuration: '{"seed":8}' })).configuration).toBe('{"seed":8}');
  });

  it('that is wrong is frozen all the same, and has a run of its own', async () => {
    const [wrong, other] = [await runIdOf(FILES, { configuration: '{' }), await runIdOf(FILES, { configuration: '[' })];
    expect(new Set([wrong, other, await runIdOf(FILES)]).size).toBe(3);
  });
});

describe('the run id', () => {
  it('is 16 hex digits', async () => {
    expect(await runIdOf(FILES)).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['a key', { 'a2.parquet': bytes('one'), 'b/c.PARQUET': bytes('two') }],
    ['a size', { 'a.parquet': bytes('one!'), 'b/c.PARQUET': bytes('two') }],
    ['a file more', { ...FILES, 'd.parquet': bytes('three') }],
    ['a file less', { 'a.parquet': bytes('one') }],
  ])('changes with %s', async (_what, files) => {
    expect(await runIdOf(files)).not.toBe(await runIdOf(FILES));
  });

  it('changes with an ETag, though key and size stay', async () => {
    const stores = storesOf(FILES);
    const before = (await freeze(stores)).runId;
    stores.input.overwrite('a.parquet', bytes('ONE'));
    expect((await freeze(stores)).runId).not.toBe(before);
  });

  it.each(['{"seed":1}', '{"columns":{"a":"pass"}}', '{"partitionBytes":1000}'])(
    'changes with the configuration %s',
    async (text) => {
      expect(await runIdOf(FILES, { configuration: text })).not.toBe(await runIdOf(FILES));
    },
  );

  it('does not change with memory, time or files that are no data', async () => {
    const expected = await runIdOf(FILES);
    expect(await runIdOf(FILES, { memoryBytes: 7 })).toBe(expected);
    expect(await runIdOf(FILES, { order: '2030-01-01T00:00:00.000Z' })).toBe(expected);
    expect(await runIdOf({ ...FILES, 'notes.txt': bytes('x'), _SUCCESS: bytes('') })).toBe(expected);
  });

  it('does not change with the order in which the files came or the root they lie under', async () => {
    const [first, second] = [storesOf({}), storesOf({})];
    // both end as a: v2, b: v3
    for (const key of ['b', 'a', 'b']) first.input.overwrite(`${key}.parquet`, bytes(key));
    for (const key of ['gone.txt', 'd/a.parquet', 'd/b.parquet']) second.input.overwrite(key, bytes(key.charAt(2)));
    const [one, other] = [await freeze(first), await freeze(second, { root: 'd/' })];
    expect(other.objects).toEqual(one.objects);
    expect(other.runId).toBe(one.runId);
  });

  it.each([
    '{}',
    '{"seed":0}',
    '{"clip":0.99,"seed":0,"maxComponents":10}',
    '{"maxComponents":10,"seed":0,"clip":0.99}',
    '{"columns":{}}',
  ])('is the same where defaults are spelled out: %s', async (configuration) => {
    expect(await runIdOf(FILES, { configuration })).toBe(await runIdOf(FILES));
  });

  it('does not depend on the order in which columns are configured', async () => {
    const [ab, ba] = ['{"columns":{"a":"pass","b":"drop"}}', '{"columns":{"b":"drop","a":"pass"}}'];
    expect(await runIdOf(FILES, { configuration: ab })).toBe(await runIdOf(FILES, { configuration: ba }));
  });
});

describe('inputs.json', () => {
  it('that is stored wins over what would be written now', async () => {
    const stores = storesOf(FILES);
    const first = await freeze(stores);
    const again = await freeze(stores, { order: '2030-01-01T00:00:00.000Z', memoryBytes: 5 });
    expect(again).toEqual(first);
    expect(JSON.parse(new TextDecoder().decode(await stores.work.read(workKeys.inputs(first))))).toEqual(first);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { InputChangedError, UnreadableInputError } from '../../../shared/contract/errors.ts';
import { readFooter } from '../../../shared/parquet/footer.ts';
import { THRIFT, type ThriftStruct, withFields } from '../../../shared/parquet/thrift.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { edit, footerOf, metadataOf, withMetadata } from './parquet-file.ts';

let file: Uint8Array;
let wide: Uint8Array;
beforeAll(async () => {
  const folder = temporaryFolder();
  const columns = Array.from({ length: 600 }, (_, i) => `i + ${i} as a_column_with_a_long_name_${i}`).join(', ');
  await writeParquetFile(
    join(folder, 'a.parquet'),
    'select i, i * 0.5 as x, [i] as l from range(5000) t(i)',
    'row_group_size 2048',
  );
  await writeParquetFile(join(folder, 'b.parquet'), `select ${columns} from range(5) t(i)`);
  file = Uint8Array.from(readFileSync(join(folder, 'a.parquet')));
  wide = Uint8Array.from(readFileSync(join(folder, 'b.parquet')));
});

async function read(bytes: Uint8Array) {
  const store = new MemoryStore();
  await store.write('d/f.parquet', bytes);
  const { etag } = (await store.head('d/f.parquet'))!;
  const reads = vi.spyOn(store, 'read');
  const footer = await readFooter(store, 'd/f.parquet', etag, bytes.length);
  return { footer, reads: reads.mock.calls.map(([, range]) => range!) };
}

const i64 = (id: number, value: number) => ({ id, type: THRIFT.I64, value: BigInt(value) });
const i32 = (id: number, value: number) => ({ id, type: THRIFT.I32, value });
const binary = (id: number, text: string) => ({ id, type: THRIFT.BINARY, value: new TextEncoder().encode(text) });
const empty = (id: number) => ({ id, type: THRIFT.STRUCT, value: { fields: [] } });
/** ids: 4 row_groups, 1 columns, 3 meta_data */
const chunk = (column: number) => [4, 0, 1, column];
const meta = (column: number) => [...chunk(column), 3];
const set = (path: number[], changes: Parameters<typeof withFields>[1]) => (struct: ThriftStruct) =>
  edit(struct, path, (target) => withFields(target, changes));

describe('readFooter', () => {
  it('says what a file of several row groups and a nested column holds', async () => {
    const { footer } = await read(file);
    expect(footer.rows).toBe(5000);
    expect(footer.rowGroups.map(({ rows, rowStart }) => [rows, rowStart])).toEqual([
      [2048, 0],
      [2048, 2048],
      [904, 4096],
    ]);
    expect(footer.columns.map(({ name, leafStart, leafEnd }) => [name, leafStart, leafEnd])).toEqual([
      ['i', 0, 1],
      ['x', 1, 2],
      ['l', 2, 3],
    ]);
    expect(footer.leaves[2]).toMatchObject({
      maxDefinitionLevel: 3,
      maxRepetitionLevel: 1,
      path: ['l', 'list', 'element'],
    });
    for (const { chunks, totalBytes } of footer.rowGroups) {
      expect(totalBytes).toBe(chunks.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0));
    }
    const bounds = footer.rowGroups.flatMap(({ chunks }) => chunks.flatMap(({ start, end }) => [start, end]));
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  });

  it('asks once for a small footer and twice for one beyond 64 kB, always for the version that was listed', async () => {
    const small = await read(file);
    expect(small.reads).toEqual([
      { start: Math.max(0, file.length - 64_000), end: file.length, etag: expect.any(String) },
    ]);
    const large = await read(wide);
    expect(large.footer.footerBytes).toBeGreaterThan(64_000);
    const [first, second] = large.reads;
    expect(large.reads).toHaveLength(2);
    expect(second).toEqual({ start: wide.length - large.footer.footerBytes, end: wide.length - 8, etag: first.etag });
  });

  it('does not read another version', async () => {
    const store = new MemoryStore();
    await store.write('f', file);
    await expect(readFooter(store, 'f', 'another', file.length)).rejects.toThrow(InputChangedError);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ['an empty file', () => new Uint8Array(0), 'it has only 0 bytes'],
    ['eleven bytes', (bytes) => bytes.slice(0, 11), 'it has only 11 bytes'],
    ['text', () => new TextEncoder().encode('a,b\n1,2\n'.repeat(9)), 'it does not end with PAR1'],
    ['the first half', (bytes) => bytes.slice(0, bytes.length / 2), 'it is cut short, its end is missing'],
    ['the last half', (bytes) => bytes.slice(bytes.length / 2), 'the data ends at'],
    ['no footer', (bytes) => bytes.fill(0, -8, -4), 'its footer is damaged: thrift must not end at byte 0'],
    [
      'a footer length beyond the file',
      (bytes) => bytes.fill(255, -8, -4),
      'its footer says it is 4294967295 bytes long',
    ],
    ['a footer of zeros', (bytes) => bytes.fill(0, -200, -8), 'its footer is damaged: '],
  ])('refuses %s', async (_, damage, message) => {
    const failure = read(damage(file.slice())).catch((error: unknown) => error);
    await expect(failure).resolves.toBeInstanceOf(UnreadableInputError);
    const { message: text } = (await failure) as Error;
    expect(text).toMatch(/^d\/f\.parquet is not a readable Parquet file: .*; replace it or take it out$/);
    expect(text).toContain(message);
  });

  it.each<[string, (metadata: ThriftStruct) => ThriftStruct, string]>([
    [
      'rows that no row group holds',
      set([], { 3: i64(3, 5001) }),
      'its footer says 5001 rows, its row groups hold 5000',
    ],
    ['negative rows', set([4, 0], { 3: i64(3, -1) }), 'num_rows of a row group must be an integer >= 0, got -1'],
    [
      'a chunk that is missing',
      set([4, 0], { 1: { id: 1, type: THRIFT.LIST, value: { elementType: 12, values: [] } } }),
      'row group 0 has 0 column chunks for 3 columns',
    ],
    [
      'a chunk elsewhere',
      set(chunk(1), { 1: binary(1, 'other.parquet') }),
      'column x of row group 0 lies in another file',
    ],
    ['a chunk beyond the data', set(meta(1), { 7: i64(7, 1e9) }), 'column x of row group 0 is said to lie at bytes'],
    [
      'a chunk over the footer',
      set(meta(1), { 9: i64(9, 0), 11: undefined }),
      'column x of row group 0 is said to lie at bytes 0..',
    ],
    [
      'a chunk before the file',
      set(meta(1), { 9: i64(9, -4), 11: undefined }),
      'data_page_offset must be an integer >= 0, got -4',
    ],
    ['a negative size', set(meta(1), { 7: i64(7, -1) }), 'total_compressed_size must be an integer >= 0, got -1'],
    ['an empty chunk', set(meta(1), { 7: i64(7, 0) }), 'column x of row group 0 has no bytes for 2048 rows'],
    ['too few values', set(meta(1), { 5: i64(5, 2047) }), 'column x of row group 0 has 2047 values for 2048 rows'],
    [
      'fewer nested values than rows',
      set(meta(2), { 5: i64(5, 7) }),
      'column l.list.element of row group 0 has 7 values for 2048 rows',
    ],
    [
      'a chunk of another type',
      set(meta(1), { 1: i32(1, 4) }),
      'column x of row group 0 is FLOAT where the schema says',
    ],
    ['a chunk without metadata', set(chunk(1), { 3: undefined }), 'column x of row group 0 has no metadata'],
    ['an unknown physical type', set([2, 1], { 1: i32(1, 8) }), 'column i must have a type of 0..7, got 8'],
    ['an unknown repetition', set([2, 1], { 3: i32(3, 3) }), 'column i must have a repetition of 0..2, got 3'],
    ['more columns than elements', set([2, 0], { 5: i32(5, 9) }), 'the schema must have as many elements as it says'],
    ['fewer columns than elements', set([2, 0], { 5: i32(5, 2) }), 'the schema must have 3 elements, got 6'],
    ['no columns', set([2, 0], { 5: i32(5, 0) }), 'the schema must have'],
    ['no schema', set([], { 2: undefined }), 'schema must be a list of structs'],
    ['no row groups', set([], { 4: undefined }), 'row_groups must be a list of structs'],
  ])('refuses %s', async (_, change, message) => {
    const failure = read(withMetadata(file, change(metadataOf(file)))).catch((error: unknown) => error);
    await expect(failure).resolves.toBeInstanceOf(UnreadableInputError);
    expect(((await failure) as Error).message).toMatch(/^d\/f\.parquet is not a readable Parquet file: /);
    expect(((await failure) as Error).message).toContain(message);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    [
      'in its footer',
      (bytes) => {
        bytes[bytes.length - 1] = 'E'.charCodeAt(0);
        return bytes;
      },
    ],
    ['with a plain footer', (bytes) => withMetadata(bytes, set([], { 8: empty(8) })(metadataOf(bytes)))],
    ['in one column', (bytes) => withMetadata(bytes, set(chunk(2), { 8: empty(8) })(metadataOf(bytes)))],
  ])('says that a file encrypted %s is encrypted', async (_, encrypt) => {
    const message = 'd/f.parquet is encrypted, modemap cannot read it; decrypt it first';
    await expect(read(encrypt(file.slice()))).rejects.toThrow(new UnreadableInputError(message));
  });

  it('takes a dictionary offset of 0, or of the data page, for no dictionary', () => {
    const [before] = footerOf(file).rowGroups[0].chunks;
    for (const offset of [0, before.start, before.start + 1]) {
      const changed = set(meta(0), { 9: i64(9, before.start), 11: i64(11, offset) })(metadataOf(file));
      expect(footerOf(withMetadata(file, changed)).rowGroups[0].chunks[0].start).toBe(before.start);
    }
  });

  it('accepts row groups without rows, with chunks of no bytes', () => {
    const metadata = metadataOf(file);
    const emptied = [0, 1, 2].reduce(
      (struct, column) => set(meta(column), { 5: i64(5, 0), 7: i64(7, 0), 9: i64(9, 0), 11: undefined })(struct),
      set([4, 0], { 3: i64(3, 0) })(set([], { 3: i64(3, 2952) })(metadata)),
    );
    const { rowGroups, rows } = footerOf(withMetadata(file, emptied));
    expect(rows).toBe(2952);
    expect(rowGroups.map(({ rowStart }) => rowStart)).toEqual([0, 0, 2048]);
  });

  it('names a codec it does not know by its number', () => {
    const changed = set(meta(0), { 4: i32(4, 42) })(metadataOf(file));
    expect(footerOf(withMetadata(file, changed)).rowGroups[0].chunks[0].codec).toBe('codec 42');
  });
});

describe('statistics', () => {
  const bounds = (bytes: Uint8Array) =>
    footerOf(bytes)
      .rowGroups[0].chunks.slice(0, 2)
      .map(({ minimum, maximum }) => [minimum, maximum]);
  const orders = (count: number, id: number) => ({
    id: 7,
    type: THRIFT.LIST,
    value: { elementType: THRIFT.STRUCT, values: Array.from({ length: count }, () => ({ fields: [empty(id)] })) },
  });

  it('are trusted where the order of every column is the one its type defines', () => {
    expect(footerOf(file).hasColumnOrders).toBe(true);
    expect(bounds(file)).toEqual([
      [0, 2047],
      [0, 1023.5],
    ]);
  });

  it.each([
    ['there are no column orders', undefined],
    ['one is missing', orders(2, 1)],
    ['one is of a kind not known', orders(3, 2)],
  ])('are not trusted where %s', (_, value) => {
    const changed = withMetadata(file, set([], { 7: value })(metadataOf(file)));
    expect(footerOf(changed).hasColumnOrders).toBe(false);
    expect(bounds(changed)).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(footerOf(changed).rowGroups[0].chunks[0].nullCount).toBe(0);
  });

  it.each([
    ['of another width', { 5: { id: 5, type: THRIFT.BINARY, value: new Uint8Array(3) } }],
    ['that was cut', { 7: { id: 7, type: THRIFT.FALSE, value: false } }],
    ['that is missing', { 5: undefined }],
  ])('do not give a maximum %s', (_, change) => {
    const changed = withMetadata(file, set([...meta(0), 12], change)(metadataOf(file)));
    expect(bounds(changed)[0]).toEqual([0, null]);
  });
});

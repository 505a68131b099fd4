import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkStruct } from '../../../shared/parquet/column-chunk.ts';
import type { ColumnChunk } from '../../../shared/parquet/footer-types.ts';
import {
  fieldOf,
  readStruct,
  type ThriftList,
  type ThriftStruct,
  withFields,
  writeStruct,
} from '../../../shared/parquet/thrift.ts';
import { i64, structs, text } from '../../../shared/parquet/thrift-fields.ts';
import { encodeConstant } from '../../../shared/parquet/write/encode-constant.ts';
import { folderColumn, splicedColumn } from '../../../shared/parquet/write/output-columns.ts';
import { PartWriter } from '../../../shared/parquet/write/part-writer.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { EVERY_TYPE } from './every-type.ts';
import { footerBytesOf, footerOf, MemorySink, piecesOf, splice } from './part-fixture.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

describe('the footer of a part', () => {
  it('schema elements are the bytes of the source', async () => {
    await writeParquetFile(file('types.parquet'), EVERY_TYPE);
    const elements = (bytes: Uint8Array) => {
      const { struct } = readStruct(footerBytesOf(bytes));
      return (fieldOf(struct, 2) as ThriftList).values.slice(1).map((element) => writeStruct(element as ThriftStruct));
    };
    const part = await splice([file('types.parquet')], file('part.parquet'));
    expect(elements(part)).toEqual(elements(readFileSync(file('types.parquet'))));
    expect(footerOf(part).schemaRoot.fields.map(({ id, value }) => [id, value])).toEqual([
      [4, new TextEncoder().encode('schema')],
      [5, 35],
    ]);
  });

  it('sizes, offsets and ordinals are those of the part', async () => {
    await writeParquetFile(
      file('groups.parquet'),
      'select i, i::varchar as s from range(9000) t(i)',
      'row_group_size 2048',
    );
    const part = await splice([file('groups.parquet'), file('groups.parquet')], file('part.parquet'));
    const groups = fieldOf(readStruct(footerBytesOf(part)).struct, 4) as ThriftList;
    let position = 4n;
    for (const [ordinal, group] of (groups.values as ThriftStruct[]).entries()) {
      const chunks = (fieldOf(group, 1) as ThriftList).values as ThriftStruct[];
      const total = (id: number) =>
        chunks.reduce((sum, chunk) => sum + (fieldOf(fieldOf(chunk, 3) as ThriftStruct, id) as bigint), 0n);
      expect([2, 5, 6, 7].map((id) => fieldOf(group, id))).toEqual([total(6), position, total(7), ordinal]);
      expect(fieldOf(group, 4)).toBe(undefined);
      expect(chunks.map((chunk) => chunk.fields.map(({ id, value }) => (id === 2 ? value : id)))).toEqual([
        [0n, 3],
        [0n, 3],
      ]);
      position += total(7);
    }
    expect(groups.values.length).toBe(10);
    expect(Number(position)).toBe(part.length - footerBytesOf(part).length - 8);
  });

  it('every leaf has an order, no index or bloom filter is pointed to, and the writer is a constant', async () => {
    await writeParquetFile(
      file('bloom.parquet'),
      'select (i % 50)::varchar as s from range(5000) t(i)',
      'bloom_filter_false_positive_ratio 0.01',
    );
    const source = footerOf(readFileSync(file('bloom.parquet')));
    expect(fieldOf(fieldOf(chunkStruct(source.rowGroups[0].chunks[0]), 3) as ThriftStruct, 14)).toBeTypeOf('bigint');
    const part = await splice([file('bloom.parquet')], file('part.parquet'));
    const { struct } = readStruct(footerBytesOf(part));
    expect(new TextDecoder().decode(fieldOf(struct, 6) as Uint8Array)).toBe('modemap version 2.0.0');
    expect(fieldOf(struct, 7)).toEqual({
      elementType: 12,
      values: [{ fields: [{ id: 1, type: 12, value: { fields: [] } }] }],
    });
    const meta = fieldOf(chunkStruct(footerOf(part).rowGroups[0].chunks[0]), 3) as ThriftStruct;
    expect([14, 15].map((id) => fieldOf(meta, id))).toEqual([undefined, undefined]);
  });

  it.each([
    ['kept where the source defines their order', true, [3, 5, 6, 7, 8]],
    ['left out where it does not', false, [3]],
  ])('statistics are %s, deprecated ones never', async (_, hasColumnOrders, expected) => {
    const chunk = await chunkWith((statistics) => ({
      fields: [
        text(1, 'old maximum'),
        text(2, 'old minimum'),
        ...statistics.fields.filter(({ id }) => id < 7),
        { id: 7, type: 1, value: true },
        { id: 8, type: 1, value: true },
      ],
    }));
    const part = await spliceOne(chunk, hasColumnOrders);
    const meta = fieldOf(chunkStruct(footerOf(part).rowGroups[0].chunks[0]), 3) as ThriftStruct;
    expect((fieldOf(meta, 12) as ThriftStruct).fields.map(({ id }) => id)).toEqual(expected);
  });

  it('the same chunks give the same bytes', async () => {
    await writeParquetFile(file('types.parquet'), EVERY_TYPE);
    const first = await splice([file('types.parquet')], file('part.parquet'));
    const second = await splice([file('types.parquet')], file('again.parquet'));
    expect(Buffer.compare(first, second)).toBe(0);
  });

  it('a dictionary page outside the chunk is not pointed to, the data page always is', async () => {
    const offsets = async (dictionaryPage: number) => {
      const { chunk, ...rest } = await chunkWith((statistics) => statistics);
      const meta = fieldOf(chunkStruct(chunk), 3) as ThriftStruct;
      const changed = withFields(meta, { 11: i64(11, dictionaryPage) });
      const thrift = withFields(chunkStruct(chunk), { 3: { id: 3, type: 12, value: changed } });
      const part = await spliceOne({ ...rest, chunk: { ...chunk, footer: writeStruct(thrift), structStart: 0 } }, true);
      const moved = fieldOf(chunkStruct(footerOf(part).rowGroups[0].chunks[0]), 3) as ThriftStruct;
      return { before: Number(fieldOf(meta, 9)) - chunk.start, after: [9, 11].map((id) => fieldOf(moved, id)) };
    };
    for (const outside of [0, 1_000_000]) {
      const { before, after } = await offsets(outside);
      expect(after).toEqual([BigInt(before + 4), undefined]);
    }
  });

  it('ordinals end where 16 bits end', async () => {
    const sink = new MemorySink();
    const writer = await PartWriter.start(sink, [folderColumn('a')], []);
    const chunk = encodeConstant('x', 1);
    for (let group = 0; group < 32_770; group++) {
      writer.beginRowGroup(1);
      await writer.appendChunk(chunk);
      writer.endRowGroup();
    }
    expect(await writer.finish()).toEqual({ sizeBytes: sink.bytes.length, rows: 32_770 });
    const groups = (fieldOf(readStruct(footerBytesOf(sink.bytes)).struct, 4) as ThriftList).values as ThriftStruct[];
    expect(groups.slice(-3).map((group) => fieldOf(group, 7))).toEqual([32_767, undefined, undefined]);
  });

  it('key-values are written as given, a stale ARROW:schema is gone', async () => {
    await writeParquetFile(file('pairs.parquet'), 'select 1 as x', "kv_metadata {timeZone: 'UTC', pandas: '{}'}");
    const arrow = withKeyValue(readFileSync(file('pairs.parquet')), 'ARROW:schema', 'of another table');
    const source = footerOf(arrow).keyValues.map(({ key }) => key);
    expect(source.sort()).toEqual(['ARROW:schema', 'pandas', 'timeZone']);
    writeFileSync(file('arrow.parquet'), arrow);
    const part = await splice([file('arrow.parquet')], file('part.parquet'));
    expect(footerOf(part).keyValues).toEqual([{ key: 'timeZone', value: 'UTC' }]);
  });
});

/** The only chunk of a small file, its statistics replaced. */
async function chunkWith(change: (statistics: ThriftStruct) => ThriftStruct) {
  await writeParquetFile(file('statistics.parquet'), 'select unnest([1, null, 3]) as x');
  const source = readFileSync(file('statistics.parquet'));
  const footer = footerOf(source);
  const [chunk] = footer.rowGroups[0].chunks;
  const meta = fieldOf(chunkStruct(chunk), 3) as ThriftStruct;
  const statistics = change(fieldOf(meta, 12) as ThriftStruct);
  const thrift = withFields(chunkStruct(chunk), {
    3: { id: 3, type: 12, value: withFields(meta, { 12: { id: 12, type: 12, value: statistics } }) },
  });
  return { source, footer, chunk: { ...chunk, footer: writeStruct(thrift), structStart: 0 } };
}

type OneChunk = Awaited<ReturnType<typeof chunkWith>>;

async function spliceOne({ source, footer, chunk }: OneChunk & { chunk: ColumnChunk }, hasColumnOrders: boolean) {
  const sink = new MemorySink();
  const writer = await PartWriter.start(sink, [splicedColumn(footer.columns[0], footer)], []);
  writer.beginRowGroup(footer.rows);
  await writer.spliceChunk(chunk, piecesOf(source, chunk.start, chunk.end), hasColumnOrders);
  writer.endRowGroup();
  await writer.finish();
  return sink.bytes;
}

function withKeyValue(source: Uint8Array, key: string, value: string): Uint8Array {
  const { struct } = readStruct(footerBytesOf(source));
  const pairs = (fieldOf(struct, 5) as ThriftList).values as ThriftStruct[];
  const footer = writeStruct(
    withFields(struct, { 5: structs(5, [...pairs, { fields: [text(1, key), text(2, value)] }]) }),
  );
  const closing = new Uint8Array(8);
  new DataView(closing.buffer).setUint32(0, footer.length, true);
  closing.set([0x50, 0x41, 0x52, 0x31], 4);
  return Uint8Array.from(
    Buffer.concat([source.subarray(0, source.length - footerBytesOf(source).length - 8), footer, closing]),
  );
}

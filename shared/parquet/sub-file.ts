import { chunkStruct } from './column-chunk.ts';
import type { ColumnChunk, LeafColumn } from './footer-types.ts';
import { physicalCode } from './physical-types.ts';
import { fieldOf, THRIFT, type ThriftStruct, withFields, writeStruct } from './thrift.ts';
import { i32, i64, list, structs, text } from './thrift-fields.ts';

const MAGIC = [0x50, 0x41, 0x52, 0x31];
const NAME = 'c';

/**
 * Wrap one column chunk as a Parquet file of its own: one leaf, one row group, the bare physical type.
 *
 * Logical types are left out, so decimals, timestamps and unsigned integers arrive as the bits they are stored as; so
 * are statistics, indexes and key-values, which a decoder does not need and may stumble over.
 *
 * @param chunkBytes the chunk's pages, as fetched
 * @param rows rows of the row group, which is what the chunk must decode to
 * @param scratch where the file is built if it fits there, instead of in fresh memory, whose first touch costs more
 *   than the copy
 */
export function makeSubFile(
  leaf: LeafColumn,
  chunk: ColumnChunk,
  chunkBytes: Uint8Array,
  rows: number,
  scratch?: Uint8Array,
): Uint8Array {
  const root = { fields: [text(4, 'schema'), i32(5, 1)] };
  const columnChunk = { fields: [i64(2, 0), { id: 3, type: THRIFT.STRUCT, value: metadata(chunk) }] };
  const rowGroup = { fields: [structs(1, [columnChunk]), i64(2, chunk.uncompressedBytes), i64(3, rows)] };
  const footer = writeStruct({
    fields: [i32(1, 1), structs(2, [root, schemaElement(leaf)]), i64(3, rows), structs(4, [rowGroup])],
  });
  const length = 4 + chunkBytes.length + footer.length + 8;
  const file = scratch && scratch.length >= length ? scratch.subarray(0, length) : new Uint8Array(length);
  file.set(MAGIC, 0);
  file.set(chunkBytes, 4);
  file.set(footer, 4 + chunkBytes.length);
  new DataView(file.buffer, file.byteOffset).setUint32(file.length - 8, footer.length, true);
  file.set(MAGIC, file.length - 4);
  return file;
}

function schemaElement({ physicalType, typeLength, maxDefinitionLevel }: LeafColumn): ThriftStruct {
  const fields = [i32(1, physicalCode(physicalType)), i32(3, maxDefinitionLevel), text(4, NAME)];
  if (typeLength > 0) fields.splice(1, 0, i32(2, typeLength));
  return { fields };
}

/**
 * ColumnMetaData with its offsets moved to where the chunk now lies.
 *
 * 3 path_in_schema, 9 data_page_offset, 10 index_page_offset, 11 dictionary_page_offset, 12 statistics, 14 and 15 bloom filter
 */
function metadata(chunk: ColumnChunk): ThriftStruct {
  const meta = fieldOf(chunkStruct(chunk), 3) as ThriftStruct;
  const moved = (id: number) => Number(fieldOf(meta, id)) - chunk.start + 4;
  const hasDictionary = Number(fieldOf(meta, 11) ?? 0) === chunk.start && chunk.start > 0;
  return withFields(meta, {
    3: list(3, THRIFT.BINARY, [new TextEncoder().encode(NAME)]),
    8: undefined,
    9: i64(9, moved(9)),
    10: undefined,
    11: hasDictionary ? i64(11, moved(11)) : undefined,
    12: undefined,
    13: undefined,
    14: undefined,
    15: undefined,
    16: undefined,
    17: undefined,
  });
}

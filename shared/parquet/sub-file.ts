import type { ColumnChunk, LeafColumn, PhysicalType } from './footer-types.ts';
import { fieldOf, THRIFT, type ThriftField, type ThriftStruct, withFields, writeStruct } from './thrift.ts';

const PHYSICAL_CODE: Record<PhysicalType, number> = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  INT96: 3,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
};
const MAGIC = [0x50, 0x41, 0x52, 0x31];
const NAME = new TextEncoder().encode('c');

const i32 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I32, value });
const i64 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I64, value: BigInt(value) });
const binary = (id: number, value: Uint8Array): ThriftField => ({ id, type: THRIFT.BINARY, value });
const struct = (id: number, value: ThriftStruct): ThriftField => ({ id, type: THRIFT.STRUCT, value });
const list = (id: number, elementType: number, values: (ThriftStruct | Uint8Array)[]): ThriftField => ({
  id,
  type: THRIFT.LIST,
  value: { elementType, values },
});

/**
 * Wrap one column chunk as a Parquet file of its own: one leaf, one row group, the bare physical type.
 *
 * Logical types are left out, so decimals, timestamps and unsigned integers arrive as the bits they are stored as; so
 * are statistics, indexes and key-values, which a decoder does not need and may stumble over.
 *
 * @param chunkBytes the chunk's pages, as fetched
 * @param rows rows of the row group, which is what the chunk must decode to
 */
export function makeSubFile(leaf: LeafColumn, chunk: ColumnChunk, chunkBytes: Uint8Array, rows: number): Uint8Array {
  const footer = writeStruct({
    fields: [
      i32(1, 1),
      list(2, THRIFT.STRUCT, [
        { fields: [binary(4, new TextEncoder().encode('schema')), i32(5, 1)] },
        schemaElement(leaf),
      ]),
      i64(3, rows),
      list(4, THRIFT.STRUCT, [
        {
          fields: [
            list(1, THRIFT.STRUCT, [{ fields: [i64(2, 0), struct(3, metadata(chunk))] }]),
            i64(2, chunk.uncompressedBytes),
            i64(3, rows),
          ],
        },
      ]),
    ],
  });
  const file = new Uint8Array(4 + chunkBytes.length + footer.length + 8);
  file.set(MAGIC, 0);
  file.set(chunkBytes, 4);
  file.set(footer, 4 + chunkBytes.length);
  new DataView(file.buffer).setUint32(file.length - 8, footer.length, true);
  file.set(MAGIC, file.length - 4);
  return file;
}

function schemaElement({ physicalType, typeLength, maxDefinitionLevel }: LeafColumn): ThriftStruct {
  const fields = [i32(1, PHYSICAL_CODE[physicalType]), i32(3, maxDefinitionLevel), binary(4, NAME)];
  if (typeLength > 0) fields.splice(1, 0, i32(2, typeLength));
  return { fields };
}

/**
 * ColumnMetaData with its offsets moved to where the chunk now lies.
 *
 * 3 path_in_schema, 9 data_page_offset, 10 index_page_offset, 11 dictionary_page_offset, 12 statistics, 14 and 15 bloom filter
 */
function metadata(chunk: ColumnChunk): ThriftStruct {
  const meta = fieldOf(chunk.thrift, 3) as ThriftStruct;
  const moved = (id: number) => Number(fieldOf(meta, id)) - chunk.start + 4;
  const hasDictionary = Number(fieldOf(meta, 11) ?? 0) === chunk.start && chunk.start > 0;
  return withFields(meta, {
    3: list(3, THRIFT.BINARY, [NAME]),
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

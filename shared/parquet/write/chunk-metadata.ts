import { chunkStruct } from '../column-chunk.ts';
import type { ColumnChunk } from '../footer-types.ts';
import { physicalCode } from '../physical-types.ts';
import { fieldOf, THRIFT, type ThriftStruct, withFields } from '../thrift.ts';
import { i32, i64, list, struct } from '../thrift-fields.ts';
import type { EncodedChunk } from './encoded-chunk.ts';

/** of ColumnMetaData; required, even of a chunk without bytes */
const DATA_PAGE_OFFSET = 9;

/** ColumnMetaData at its new place: offsets shifted, indexes and bloom filters (14, 15) left behind. */
export function splicedMetadata(chunk: ColumnChunk, newStart: number, hasColumnOrders: boolean): ThriftStruct {
  const { start, end } = chunk;
  const meta = fieldOf(chunkStruct(chunk), 3) as ThriftStruct;
  const shifted = (id: number) => {
    const offset = Number(fieldOf(meta, id) ?? Number.NaN);
    // an absent dictionary page is at 0 in files of some writers; no page outside the chunk travels along
    const isInside = offset >= start && (offset < end || id === DATA_PAGE_OFFSET);
    return isInside ? i64(id, offset - start + newStart) : undefined;
  };
  const statistics = fieldOf(meta, 12) as ThriftStruct | undefined;
  return withFields(meta, {
    9: shifted(DATA_PAGE_OFFSET),
    10: shifted(10),
    11: shifted(11),
    12: statistics && { id: 12, type: THRIFT.STRUCT, value: trusted(statistics, hasColumnOrders) },
    14: undefined,
    15: undefined,
  });
}

/** Statistics without the deprecated max and min (1, 2), and without the others where their order was not defined. */
function trusted(statistics: ThriftStruct, hasColumnOrders: boolean): ThriftStruct {
  const dropped = hasColumnOrders ? [1, 2] : [1, 2, 5, 6, 7, 8];
  return { fields: statistics.fields.filter(({ id }) => !dropped.includes(id)) };
}

/** ColumnMetaData of a chunk made here; `start` and `bytes` are its place in the part. */
export function encodedMetadata(chunk: EncodedChunk, path: string[], start: number, bytes: number): ThriftStruct {
  const { physicalType, encodings, numValues, nullCount, minimum, maximum, dictionaryPageBytes } = chunk;
  const names = path.map((name) => new TextEncoder().encode(name));
  const bounds =
    minimum && maximum
      ? [
          { id: 5, type: THRIFT.BINARY, value: maximum },
          { id: 6, type: THRIFT.BINARY, value: minimum },
        ]
      : [];
  return {
    fields: [
      i32(1, physicalCode(physicalType)),
      list(2, THRIFT.I32, encodings),
      list(3, THRIFT.BINARY, names),
      i32(4, 0),
      i64(5, numValues),
      i64(6, bytes),
      i64(7, bytes),
      i64(9, start + dictionaryPageBytes),
      ...(dictionaryPageBytes > 0 ? [i64(11, start)] : []),
      struct(12, i64(3, nullCount), ...bounds),
    ],
  };
}

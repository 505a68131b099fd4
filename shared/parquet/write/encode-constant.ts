import { writeStruct } from '../thrift.ts';
import { i32, struct } from '../thrift-fields.ts';
import { ENCODING, type EncodedChunk } from './encoded-chunk.ts';

/** PageType */
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

/**
 * Encode one text, or null, for all rows of a row group: a dictionary of one entry and a data page of runs; its size
 * does not depend on the rows.
 *
 * @see Apache Parquet format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid" and "Dictionary Encoding"
 */
export function encodeConstant(value: string | null, rows: number): EncodedChunk {
  const levels = run(value === null ? 0 : 1, rows);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, levels.length, true);
  // a bit width of 1, then a run of index 0; nothing follows the levels where all is null
  const indices = value === null ? [] : [Uint8Array.of(1), run(0, rows)];
  const encoding = value === null ? ENCODING.PLAIN : ENCODING.RLE_DICTIONARY;
  const dataHeader = struct(5, i32(1, rows), i32(2, encoding), i32(3, ENCODING.RLE), i32(4, ENCODING.RLE));
  const dataPage = page(DATA_PAGE, [length, levels, ...indices], dataHeader);
  if (value === null) {
    return {
      ...common(rows),
      pages: [dataPage],
      dictionaryPageBytes: 0,
      encodings: [ENCODING.PLAIN, ENCODING.RLE],
      nullCount: rows,
      minimum: null,
      maximum: null,
    };
  }
  const bytes = new TextEncoder().encode(value);
  const entry = new Uint8Array(4 + bytes.length);
  new DataView(entry.buffer).setUint32(0, bytes.length, true);
  entry.set(bytes, 4);
  const dictionaryPage = page(DICTIONARY_PAGE, [entry], struct(7, i32(1, 1), i32(2, ENCODING.PLAIN)));
  return {
    ...common(rows),
    pages: [dictionaryPage, dataPage],
    dictionaryPageBytes: dictionaryPage.length,
    encodings: [ENCODING.PLAIN, ENCODING.RLE, ENCODING.RLE_DICTIONARY],
    nullCount: 0,
    minimum: bytes,
    maximum: bytes,
  };
}

const common = (rows: number) => ({ physicalType: 'BYTE_ARRAY' as const, numValues: rows });

/** A run of one value below 2 in the hybrid encoding: its length shifted by one as a varint, then the value's byte. */
function run(value: number, length: number): Uint8Array {
  const bytes: number[] = [];
  let rest = length * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest, value);
}

/** PageHeader: 1 type, 2 uncompressed_page_size, 3 compressed_page_size, then the header of its type */
function page(type: number, pieces: Uint8Array[], typeHeader: ReturnType<typeof struct>): Uint8Array {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const header = writeStruct({ fields: [i32(1, type), i32(2, size), i32(3, size), typeHeader] });
  const bytes = new Uint8Array(header.length + size);
  bytes.set(header);
  let at = header.length;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

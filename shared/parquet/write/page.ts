import { writeStruct } from '../thrift.ts';
import { i32, struct } from '../thrift-fields.ts';
import { ENCODING } from './encoded-chunk.ts';
import { bitPacked, run } from './rle-hybrid.ts';

/** PageType */
const DATA_PAGE = 0;
const DICTIONARY_PAGE = 2;

/**
 * A data page (version 1) of an OPTIONAL column, uncompressed, as pieces to be written one after the other.
 *
 * @param valid 1 where there is a value, 0 for null; one a row of the page
 * @param values what follows the definition levels; taken as it is, not copied
 */
export function dataPage(valid: Uint8Array, nulls: number, encoding: number, values: Uint8Array[]): Uint8Array[] {
  const levels = definitionLevels(valid, nulls);
  return encodedLevelsPage(valid.length, levels, encoding, values);
}

/** A data page whose definition levels are encoded already. */
export function encodedLevelsPage(
  rows: number,
  levels: Uint8Array[],
  encoding: number,
  values: Uint8Array[],
): Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, lengthOf(levels), true);
  const header = struct(5, i32(1, rows), i32(2, encoding), i32(3, ENCODING.RLE), i32(4, ENCODING.RLE));
  return page(DATA_PAGE, [length, ...levels, ...values], header);
}

/** A dictionary page of PLAIN entries, as pieces. */
export function dictionaryPage(entries: Uint8Array, count: number): Uint8Array[] {
  return page(DICTIONARY_PAGE, [entries], struct(7, i32(1, count), i32(2, ENCODING.PLAIN)));
}

export const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

function definitionLevels(valid: Uint8Array, nulls: number): Uint8Array[] {
  if (nulls === 0) return [run(1, valid.length)];
  return nulls === valid.length ? [run(0, valid.length)] : bitPacked(valid, 1);
}

/** PageHeader: 1 type, 2 uncompressed_page_size, 3 compressed_page_size, then the header of its type */
function page(type: number, pieces: Uint8Array[], typeHeader: ReturnType<typeof struct>): Uint8Array[] {
  const size = lengthOf(pieces);
  return [writeStruct({ fields: [i32(1, type), i32(2, size), i32(3, size), typeHeader] }), ...pieces];
}

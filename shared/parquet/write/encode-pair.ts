import { componentDictionary } from './component-dictionary.ts';
import { ENCODING, type EncodedChunk } from './encoded-chunk.ts';
import { dataPage, dictionaryPage, lengthOf } from './page.ts';
import { extremesOf } from './page-loops.ts';
import { PageMemory } from './page-memory.ts';
import { bitPacked, packedCapacity, run } from './rle-hybrid.ts';

/** Rows of a page at most: what a reader has to decode to see one of them. */
const PAGE_ROWS = 131_072;

/** What `valid` says of a page without nulls. */
const allThere = Buffer.alloc(PAGE_ROWS, 1);

/**
 * Encode normalized values as a chunk of OPTIONAL FLOAT or DOUBLE: PLAIN, uncompressed.
 *
 * Where nothing is null the pages are views of `normalized`, else of the memory: neither may change before they are
 * written.
 *
 * @param valid 1 where there is a value, 0 for null
 */
export function encodeNormalized(
  normalized: Float32Array | Float64Array,
  valid: Uint8Array,
  memory = new PageMemory(),
): EncodedChunk {
  const nullCounts = countNulls(valid);
  const nullCount = nullCounts.reduce((sum, nulls) => sum + nulls, 0);
  const there = nullCount === 0 ? normalized : compact(normalized, valid, nullCount, memory);
  const { minimum, maximum } = extremesOf(there);
  const bound = (x: number) => bytesOf(normalized instanceof Float32Array ? Float32Array.of(x) : Float64Array.of(x));
  return {
    physicalType: normalized instanceof Float32Array ? 'FLOAT' : 'DOUBLE',
    pieces: pagesOf(valid, nullCounts, ENCODING.PLAIN, (start, end) => [bytesOf(there.subarray(start, end))]),
    dictionaryPageBytes: 0,
    numValues: valid.length,
    encodings: [ENCODING.PLAIN, ENCODING.RLE],
    nullCount,
    // a zero's sign is not ordered: the format asks for -0 as a minimum and +0 as a maximum
    minimum: there.length === 0 ? null : bound(minimum === 0 ? -0 : minimum),
    maximum: there.length === 0 ? null : bound(maximum === 0 ? 0 : maximum),
  };
}

/**
 * Encode component numbers as a chunk of OPTIONAL INT32 (INT_8): a dictionary of the numbers that occur, ascending, and
 * pages of their places in it, all of the fewest bits that hold the last one; uncompressed.
 *
 * The pages are views of the memory, which may not change before they are written.
 *
 * @param valid 1 where there is a value, 0 for null
 */
export function encodeComponents(components: Int8Array, valid: Uint8Array, memory = new PageMemory()): EncodedChunk {
  const nullCounts = countNulls(valid);
  const nullCount = nullCounts.reduce((sum, nulls) => sum + nulls, 0);
  const there = nullCount === 0 ? components : compact(components, valid, nullCount, memory);
  const { entries, places, isIdentity } = componentDictionary(there);
  const common = { physicalType: 'INT32' as const, numValues: valid.length, nullCount };
  if (entries.length === 0) {
    const pieces = pagesOf(valid, nullCounts, ENCODING.PLAIN, () => []);
    const encodings = [ENCODING.PLAIN, ENCODING.RLE];
    return { ...common, pieces, encodings, dictionaryPageBytes: 0, minimum: null, maximum: null };
  }
  const bitWidth = Math.max(1, 32 - Math.clz32(entries.length - 1));
  const encode = (start: number, end: number) => {
    const length = end - start;
    if (length === 0) return [Uint8Array.of(bitWidth)];
    if (entries.length === 1) return [Uint8Array.of(bitWidth), run(0, length)];
    const codes = bytesOf(there.subarray(start, end));
    const target = memory.take(packedCapacity(length, bitWidth));
    return [Uint8Array.of(bitWidth), ...bitPacked(codes, bitWidth, target, isIdentity ? undefined : places)];
  };
  const dictionary = dictionaryPage(bytesOf(entries), entries.length);
  return {
    ...common,
    pieces: [...dictionary, ...pagesOf(valid, nullCounts, ENCODING.RLE_DICTIONARY, encode)],
    dictionaryPageBytes: lengthOf(dictionary),
    encodings: [ENCODING.PLAIN, ENCODING.RLE, ENCODING.RLE_DICTIONARY],
    minimum: bytesOf(entries.subarray(0, 1)),
    maximum: bytesOf(entries.subarray(-1)),
  };
}

/** @param encode gives the bytes of the values `[start, end)`, nulls not counted */
function pagesOf(
  valid: Uint8Array,
  nullCounts: readonly number[],
  encoding: number,
  encode: (start: number, end: number) => Uint8Array[],
): Uint8Array[] {
  let start = 0;
  return nullCounts.flatMap((nulls, page) => {
    const rows = valid.subarray(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
    const end = start + rows.length - nulls;
    const pieces = dataPage(rows, nulls, encoding, encode(start, end));
    start = end;
    return pieces;
  });
}

/** One number a page. */
function countNulls(valid: Uint8Array): number[] {
  return Array.from({ length: Math.ceil(valid.length / PAGE_ROWS) }, (_, page) => {
    const rows = valid.subarray(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
    // most columns have no null, and to compare with that is ten times as fast as to look for one
    if (allThere.compare(rows, 0, rows.length, 0, rows.length) === 0) return 0;
    let there = 0;
    for (let row = 0; row < rows.length; row++) there += rows[row];
    return rows.length - there;
  });
}

/** The values that are not null, in order. */
function compact<Values extends Float32Array | Float64Array | Int8Array>(
  values: Values,
  valid: Uint8Array,
  nullCount: number,
  memory: PageMemory,
): Values {
  // with room for the value that is written and then not counted
  const length = valid.length - nullCount + 1;
  const bytes = memory.take(length * values.BYTES_PER_ELEMENT);
  const View = values.constructor as new (buffer: ArrayBufferLike, byteOffset: number, length: number) => Values;
  const there = new View(bytes.buffer, bytes.byteOffset, length);
  let count = 0;
  for (let row = 0; row < valid.length; row++) {
    there[count] = values[row];
    count += valid[row];
  }
  return there.subarray(0, count) as Values;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array | Int32Array | Int8Array) =>
  new Uint8Array(buffer, byteOffset, byteLength);

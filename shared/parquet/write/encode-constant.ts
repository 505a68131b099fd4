import { ENCODING, type EncodedChunk } from './encoded-chunk.ts';
import { dictionaryPage, encodedLevelsPage, lengthOf } from './page.ts';
import { run } from './rle-hybrid.ts';

/**
 * Encode one text, or null, for all rows of a row group: a dictionary of one entry and a data page of runs; its size
 * does not depend on the rows.
 *
 * @see Apache Parquet format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid" and "Dictionary Encoding"
 */
export function encodeConstant(value: string | null, rows: number): EncodedChunk {
  const common = { physicalType: 'BYTE_ARRAY' as const, numValues: rows };
  if (value === null) {
    return {
      ...common,
      pieces: encodedLevelsPage(rows, [run(0, rows)], ENCODING.PLAIN, []),
      dictionaryPageBytes: 0,
      encodings: [ENCODING.PLAIN, ENCODING.RLE],
      nullCount: rows,
      minimum: null,
      maximum: null,
    };
  }
  const text = new TextEncoder().encode(value);
  const entry = new Uint8Array(4 + text.length);
  new DataView(entry.buffer).setUint32(0, text.length, true);
  entry.set(text, 4);
  const dictionary = dictionaryPage(entry, 1);
  // a bit width of 1, then a run of index 0
  const indices = [Uint8Array.of(1), run(0, rows)];
  return {
    ...common,
    pieces: [...dictionary, ...encodedLevelsPage(rows, [run(1, rows)], ENCODING.RLE_DICTIONARY, indices)],
    dictionaryPageBytes: lengthOf(dictionary),
    encodings: [ENCODING.PLAIN, ENCODING.RLE, ENCODING.RLE_DICTIONARY],
    nullCount: 0,
    minimum: text,
    maximum: text,
  };
}

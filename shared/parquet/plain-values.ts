import type { Page } from './check-pages.ts';
import type { ColumnChunk, LeafColumn } from './footer-types.ts';
import { inflateLiterals } from './snappy.ts';
import { fieldOf } from './thrift.ts';
import { isStruct } from './thrift-values.ts';

const DATA_PAGE = 0;
const PLAIN = 0;
/** RLE and BIT_PACKED: of levels that are not there, either */
const LEVEL_ENCODINGS = [3, 4];
const RLE = 3;
/** The bytes of definition levels that say "none is null": a length of four bytes, a varint, a byte. */
const MOST_LEVEL_BYTES = 10;

/**
 * Copy the values of a chunk that holds them as they are: eight bytes each, none null, PLAIN, uncompressed or snappy, in
 * data pages of version 1. That is a copy, where the decoder makes four.
 *
 * Whatever is otherwise, or not as it should be, is left to the decoder, which reads it or has the words for it.
 *
 * @param pages of the chunk, checked
 * @param target for eight bytes a row; of no use where the answer is false
 * @returns whether the values are there
 * @see Apache Parquet format, Encodings.md, "Plain" and "RLE"; README, "Nulls" and "Data Pages"
 */
export function copyPlainValues(
  { codec }: ColumnChunk,
  { physicalType, maxDefinitionLevel, maxRepetitionLevel }: LeafColumn,
  pages: readonly Page[],
  chunkBytes: Uint8Array,
  target: Uint8Array,
): boolean {
  const isCompressed = codec === 'SNAPPY';
  if (!isCompressed && codec !== 'UNCOMPRESSED') return false;
  if (physicalType !== 'DOUBLE' && physicalType !== 'INT64') return false;
  if (maxRepetitionLevel > 0 || maxDefinitionLevel > 1) return false;
  let at = 0;
  for (const page of pages) {
    const values = plainValuesIn(page, maxDefinitionLevel === 1);
    if (values === undefined || at + 8 * values > target.length) return false;
    const bytes = chunkBytes.subarray(page.start, page.end);
    const place = target.subarray(at, at + 8 * values);
    const size = fieldOf(page.header, 2) as number;
    const levels = size - place.length;
    if (maxDefinitionLevel === 0 ? levels !== 0 : levels < 6 || levels > MOST_LEVEL_BYTES) return false;
    const head = isCompressed ? inflateLiterals(bytes, place, levels) : copy(bytes, place, levels);
    if (!head || (levels > 0 && !isNoneNull(head, values))) return false;
    at += place.length;
  }
  return at === target.length;
}

/** How many values a data page has, if they are PLAIN. */
function plainValuesIn({ header }: Page, hasLevels: boolean): number | undefined {
  const dataPage = fieldOf(header, 5);
  if (fieldOf(header, 1) !== DATA_PAGE || !isStruct(dataPage)) return undefined;
  if (fieldOf(dataPage, 2) !== PLAIN) return undefined;
  const [definition, repetition] = [fieldOf(dataPage, 3), fieldOf(dataPage, 4)] as number[];
  if (!LEVEL_ENCODINGS.includes(definition) || !LEVEL_ENCODINGS.includes(repetition)) return undefined;
  if (hasLevels && definition !== RLE) return undefined;
  return fieldOf(dataPage, 1) as number;
}

/** @returns what lies before the values */
function copy(bytes: Uint8Array, target: Uint8Array, skip: number): Uint8Array | undefined {
  if (bytes.length !== skip + target.length) return undefined;
  target.set(bytes.subarray(skip));
  return bytes.subarray(0, skip);
}

/** Whether definition levels are one run of ones, for all values and of the length they say. */
function isNoneNull(levels: Uint8Array, values: number): boolean {
  const length = levels[0] | (levels[1] << 8) | (levels[2] << 16) | (levels[3] << 24);
  let header = 0;
  let at = 4;
  for (let shift = 0; ; shift += 7) {
    if (at >= levels.length || shift > 28) return false;
    header += (levels[at] & 127) * 2 ** shift;
    if (levels[at++] < 128) break;
  }
  return length === levels.length - 4 && header === 2 * values && at === levels.length - 1 && levels[at] === 1;
}

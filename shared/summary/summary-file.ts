import type { ColumnSummary, SummaryCells } from './column-summary.ts';

/** "MMS1", then the length of the index in bytes, both before the index itself. */
const MAGIC = 0x31534d4d;
const HEADER_BYTES = 8;

export interface NamedSummary {
  name: string;
  summary: ColumnSummary;
}

interface IndexEntry {
  name: string;
  /** from the end of the index */
  offset: number;
  length: number;
}

/**
 * Summaries of several columns as one file: an index, then one block a column, so that a reader fetches only its own.
 *
 * Little-endian. A block is ten doubles (centre, rows, nulls, NaN, +infinity, -infinity, inexact, minimum, maximum,
 * decimals or -1), two int32 (number of distinct values, of cells; -1 for none), then the arrays of doubles, then keys.
 */
export function encodeSummaries(columns: readonly NamedSummary[]): Uint8Array {
  const blocks = columns.map(({ summary }) => encodeBlock(summary));
  let offset = 0;
  const index: IndexEntry[] = columns.map(({ name }, i) => {
    const entry = { name, offset, length: blocks[i].length };
    offset += blocks[i].length;
    return entry;
  });
  const indexBytes = new TextEncoder().encode(JSON.stringify(index));
  const file = new Uint8Array(HEADER_BYTES + indexBytes.length + offset);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, indexBytes.length, true);
  file.set(indexBytes, HEADER_BYTES);
  let at = HEADER_BYTES + indexBytes.length;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}

/**
 * The summaries in a file, all or those of some columns, in the file's order.
 *
 * @throws {RangeError} if the bytes are no such file
 */
export function decodeSummaries(file: Uint8Array, names?: readonly string[]): NamedSummary[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new RangeError('a summary file must begin with MMS1');
  const start = HEADER_BYTES + view.getUint32(4, true);
  const index = JSON.parse(new TextDecoder().decode(file.subarray(HEADER_BYTES, start))) as IndexEntry[];
  const wanted = names && new Set(names);
  return index
    .filter(({ name }) => !wanted || wanted.has(name))
    .map(({ name, offset, length }) => ({
      name,
      summary: decodeBlock(file.slice(start + offset, start + offset + length)),
    }));
}

const SCALARS = 10;

function encodeBlock(summary: ColumnSummary): Uint8Array {
  const { distinct, cells } = summary;
  const doubles = [
    Float64Array.of(
      summary.centre,
      summary.rows,
      summary.nulls,
      summary.nan,
      summary.positiveInfinity,
      summary.negativeInfinity,
      summary.inexact,
      summary.minimum,
      summary.maximum,
      summary.decimals ?? -1,
    ),
    ...(distinct ? [distinct.values, distinct.counts] : []),
    ...(cells ? [cells.counts, cells.sumsHigh, cells.sumsLow, cells.squaresHigh, cells.squaresLow, cells.values] : []),
  ];
  const lengths = Int32Array.of(distinct ? distinct.values.length : -1, cells ? cells.keys.length : -1);
  const pieces = [doubles[0], lengths, ...doubles.slice(1), ...(cells ? [cells.keys] : [])];
  const block = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    block.set(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength), at);
    at += piece.byteLength;
  }
  return block;
}

/** @param block a copy of its own, so that its doubles are aligned */
function decodeBlock(block: Uint8Array): ColumnSummary {
  const scalars = new Float64Array(block.buffer, 0, SCALARS);
  const [distinctLength, cellsLength] = new Int32Array(block.buffer, SCALARS * 8, 2);
  let at = SCALARS * 8 + 8;
  const doubles = (length: number) => {
    const array = new Float64Array(block.buffer, at, length);
    at += array.byteLength;
    return array;
  };
  const distinct = distinctLength < 0 ? null : { values: doubles(distinctLength), counts: doubles(distinctLength) };
  const [centre, rows, nulls, nan, positiveInfinity, negativeInfinity, inexact, minimum, maximum, decimals] = scalars;
  const cells = cellsLength < 0 ? null : decodeCells(block, cellsLength, doubles);
  return {
    centre,
    rows,
    nulls,
    nan,
    positiveInfinity,
    negativeInfinity,
    inexact,
    minimum,
    maximum,
    decimals: decimals < 0 ? null : decimals,
    distinct,
    cells,
  };
}

function decodeCells(block: Uint8Array, length: number, doubles: (length: number) => Float64Array): SummaryCells {
  const [counts, sumsHigh, sumsLow, squaresHigh, squaresLow, values] = Array.from({ length: 6 }, () => doubles(length));
  return {
    keys: new Int32Array(block.buffer.slice(block.length - 4 * length)),
    counts,
    sumsHigh,
    sumsLow,
    squaresHigh,
    squaresLow,
    values,
  };
}

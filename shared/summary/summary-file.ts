import type { ColumnSummary } from './column-summary.ts';
import type { SummaryCells } from './summary-cells.ts';

/** "MMS2", then the length of the index in bytes, both before the index itself. */
const MAGIC = 0x32534d4d;

/** A summary file begins with so many bytes that say how long its index is. */
export const SUMMARY_HEADER_BYTES = 8;

export interface NamedSummary {
  name: string;
  summary: ColumnSummary;
}

/** Where a column's block lies in its file; half open. */
export interface SummaryIndexEntry {
  name: string;
  start: number;
  end: number;
}

/**
 * Summaries of several columns as one file: an index, then one block a column, so that a reader fetches only its own.
 *
 * Little-endian. A block is eleven doubles (centre, rows, nulls, NaN, +infinity, -infinity, inexact, minimum, maximum,
 * decimals or -1, number of zooms), two int32 (number of distinct values, of cells; -1 for none), three doubles a zoom
 * (centre, from, to), then the arrays of doubles, then keys.
 */
export function encodeSummaries(columns: readonly NamedSummary[]): Uint8Array {
  const blocks = columns.map(({ summary }) => encodeBlock(summary));
  const lengths = columns.map(({ name }, i) => [name, blocks[i].length]);
  const index = new TextEncoder().encode(JSON.stringify(lengths));
  const blocksBytes = blocks.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(SUMMARY_HEADER_BYTES + index.length + blocksBytes);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, index.length, true);
  file.set(index, SUMMARY_HEADER_BYTES);
  let at = SUMMARY_HEADER_BYTES + index.length;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}

/**
 * Where the index ends and the blocks begin: what has to be read for {@link readSummaryIndex}.
 *
 * @param header at least the first {@link SUMMARY_HEADER_BYTES} bytes
 * @throws {RangeError} if they are not those of a summary file
 */
export function summaryIndexEnd(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < SUMMARY_HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new RangeError('a summary file must begin with MMS2');
  return SUMMARY_HEADER_BYTES + view.getUint32(4, true);
}

/**
 * The blocks of a summary file, in its order.
 *
 * @param head at least the bytes up to the end of the index
 * @throws {RangeError} if they are not those of a summary file, or too few
 */
export function readSummaryIndex(head: Uint8Array): SummaryIndexEntry[] {
  let at = summaryIndexEnd(head);
  if (head.length < at) throw new RangeError(`the index must end within ${head.length} bytes, it ends at ${at}`);
  const text = new TextDecoder().decode(head.subarray(SUMMARY_HEADER_BYTES, at));
  return (JSON.parse(text) as [string, number][]).map(([name, length]) => {
    const entry = { name, start: at, end: at + length };
    at = entry.end;
    return entry;
  });
}

/** The summary in one block of a file. */
export function decodeSummary(block: Uint8Array): ColumnSummary {
  // a copy is aligned, and keeps nothing of the file alive
  return decodeBlock(block.slice());
}

/**
 * The summaries in a file, in its order.
 *
 * @throws {RangeError} if the bytes are no such file, or cut
 */
export function decodeSummaries(file: Uint8Array): NamedSummary[] {
  const entries = readSummaryIndex(file);
  const end = entries.at(-1)?.end ?? 0;
  if (end > file.length) throw new RangeError(`a summary file must hold ${end} bytes, got ${file.length}`);
  return entries.map(({ name, start, end }) => ({ name, summary: decodeSummary(file.subarray(start, end)) }));
}

const SCALARS = 11;

function encodeBlock(summary: ColumnSummary): Uint8Array {
  const { zooms, distinct, cells } = summary;
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
      zooms.length,
    ),
    Float64Array.from(zooms.flatMap(({ centre, from, to }) => [centre, from, to])),
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

/** @param block with a buffer of its own */
function decodeBlock(block: Uint8Array): ColumnSummary {
  const scalars = new Float64Array(block.buffer, 0, SCALARS);
  const [distinctLength, cellsLength] = new Int32Array(block.buffer, SCALARS * 8, 2);
  let at = SCALARS * 8 + 8;
  const doubles = (length: number) => {
    const array = new Float64Array(block.buffer, at, length);
    at += array.byteLength;
    return array;
  };
  const zooms = Array.from({ length: scalars[SCALARS - 1] }, () => {
    const [centre, from, to] = doubles(3);
    return { centre, from, to };
  });
  const distinct = distinctLength < 0 ? null : { values: doubles(distinctLength), counts: doubles(distinctLength) };
  const [centre, rows, nulls, nan, positiveInfinity, negativeInfinity, inexact, minimum, maximum, decimals] = scalars;
  const cells = cellsLength < 0 ? null : decodeCells(block, cellsLength, doubles);
  return {
    centre,
    zooms,
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

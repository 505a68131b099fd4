import type { ColumnSummary } from './column-summary.ts';
import type { SummaryCells } from './summary-cells.ts';

const SCALARS = 11;

/**
 * One column's summary as bytes, little-endian.
 *
 * Eleven doubles (centre, rows, nulls, NaN, +infinity, -infinity, inexact, minimum, maximum, decimals or -1, number of
 * zooms), two int32 (number of distinct values, of cells; -1 for none), three doubles a zoom (centre, from, to), then
 * the arrays of doubles, then keys.
 */
export function encodeSummary(summary: ColumnSummary): Uint8Array {
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

/** The summary that was encoded; it keeps nothing of the bytes alive. */
export function decodeSummary(bytes: Uint8Array): ColumnSummary {
  // a copy of its own, which is aligned
  const block = Uint8Array.from(bytes);
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

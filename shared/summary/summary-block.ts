import type { ColumnSummary } from './column-summary.ts';
import { packCells, unpackCells } from './packed-cells.ts';

const SCALARS = 11;

/**
 * One column's summary as bytes, little-endian.
 *
 * Eleven doubles (centre, rows, nulls, NaN, +infinity, -infinity, inexact, minimum, maximum, decimals or -1, number of
 * zooms), two int32 (number of distinct values, or -1; 1 where there are cells, else 0), three doubles a zoom (centre,
 * from, to), then the distinct values and their counts as doubles, or the cells as packCells gives them.
 */
export function encodeSummary(summary: ColumnSummary): Uint8Array {
  const { zooms, distinct, cells } = summary;
  const pieces = [
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
    Int32Array.of(distinct ? distinct.values.length : -1, cells ? 1 : 0),
    Float64Array.from(zooms.flatMap(({ centre, from, to }) => [centre, from, to])),
    ...(distinct ? [distinct.values, distinct.counts] : []),
    ...(cells ? [packCells(cells)] : []),
  ];
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
  const [distinctLength, hasCells] = new Int32Array(block.buffer, SCALARS * 8, 2);
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
  const [centre, rows, nulls, nan, positiveInfinity, negativeInfinity, inexact, minimum, maximum, decimals] = scalars;
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
    distinct: distinctLength < 0 ? null : { values: doubles(distinctLength), counts: doubles(distinctLength) },
    cells: hasCells ? unpackCells(block.subarray(at), centre, zooms) : null,
  };
}

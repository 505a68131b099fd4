import { type ColumnValues, fill, roomFor, toDoubles } from './column-values.ts';
import { checkedPages, decodeColumn } from './decode-column.ts';
import type { ColumnChunk, LeafColumn, TopLevelColumn } from './footer-types.ts';
import { copyPlainValues } from './plain-values.ts';

/**
 * Decode one column chunk to doubles, by the shortest way there is; what the decoder held is free again.
 *
 * @param column with a numeric type
 * @param chunkBytes the bytes `[chunk.start, chunk.end)` of the object
 * @param rows rows of the row group
 * @param target arrays of at least `rows` to fill instead of fresh ones
 * @throws {UnreadableInputError} as {@link decodeColumn} does
 */
export function decodeDoubles(
  column: TopLevelColumn,
  leaf: LeafColumn,
  chunk: ColumnChunk,
  chunkBytes: Uint8Array,
  rows: number,
  key: string,
  target?: Pick<ColumnValues, 'values' | 'valid'>,
): ColumnValues {
  const mayBePlain = rows > 0 && (chunk.codec === 'UNCOMPRESSED' || chunk.codec === 'SNAPPY');
  if (mayBePlain) {
    const pages = checkedPages(column, chunk, chunkBytes, key);
    const { values, valid } = roomFor(rows, target);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (copyPlainValues(chunk, leaf, pages, chunkBytes, bytes)) {
      valid.fill(1);
      const memory = values.buffer as ArrayBuffer;
      const stored = { rows, memory, offset: 0, values: values.byteOffset, data: 0, leaf };
      return { values, valid, nulls: 0, inexact: fill(stored, column.numeric!, values, valid) };
    }
  }
  const decoded = decodeColumn(column, leaf, chunk, chunkBytes, rows, key, mayBePlain);
  try {
    return toDoubles(decoded, column.numeric!, target);
  } finally {
    decoded.free();
  }
}

import { LIMITS } from '../contract/limits.ts';
import type { ColumnChunk, LeafColumn, PhysicalType } from './footer-types.ts';

const WIDTH: Partial<Record<PhysicalType, number>> = { BOOLEAN: 1, INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

/** 32-bit WebAssembly ends at 4 GiB; what the decoder holds beside the chunk needs some of it. */
const WASM_BYTES = 3_800_000_000;

/** values as doubles 8, validity 1, normalized 8 and again without nulls 8, component 1 and again 1, its places 1, a second validity 1, and garbage not yet collected 11 */
const BYTES_PER_ROW_BESIDE = 40;
/** what is read ahead, the neighbours in the request in hand, and the two buffers that are written in turn: what any chunk needs */
export const LEAST_TRANSFORM_BYTES =
  LIMITS.readAheadBytes + 2 * LIMITS.fetchBytes + LIMITS.fetchGapBytes + 2 * LIMITS.uploadPartBytes;

/**
 * Memory that decoding a column chunk and encoding its pair takes, bytes, from the footer alone.
 *
 * Infinity where no amount would do: the decoder's address space has 4 GiB.
 *
 * @param rows rows of the row group
 */
export function transformBytesNeeded(chunk: ColumnChunk, leaf: LeafColumn, rows: number): number {
  const compressed = chunk.end - chunk.start;
  const width = WIDTH[leaf.physicalType] ?? leaf.typeLength + 4;
  // a run of equal values may be stored in a few bytes and still decode to all its rows
  const decoded = Math.max(chunk.uncompressedBytes, rows * width) + rows / 8;
  const inWasm = compressed + chunk.uncompressedBytes + decoded;
  if (inWasm > WASM_BYTES) return Number.POSITIVE_INFINITY;
  // the fetched bytes, and their copy wrapped as a file
  return Math.ceil(2 * compressed + inWasm + rows * BYTES_PER_ROW_BESIDE + LEAST_TRANSFORM_BYTES);
}

import { readParquet, wasmMemory } from 'parquet-wasm/esm';
import { UnreadableInputError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { readArrowArray } from './arrow-array.ts';
import { checkPages, type Page } from './check-pages.ts';
import type { ColumnChunk, LeafColumn, TopLevelColumn } from './footer-types.ts';
import { makeSubFile } from './sub-file.ts';
import { undecodable } from './unreadable.ts';

/** Codecs of chunks that are decoded; untouched chunks may have any. */
const CODECS = new Set(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4_RAW']);

/** A decoded chunk as it lies in the decoder's memory: views, not copies, valid until `free` or the next decode. */
export interface DecodedColumn {
  rows: number;
  /** the decoder's memory */
  memory: ArrayBuffer;
  /** of the first value in its buffers, in elements */
  offset: number;
  /** address of the validity bitmap (least significant bit first), 0 for none */
  validity: number;
  /** address of the values; for BYTE_ARRAY of the 32-bit offsets into `data` */
  values: number;
  /** BYTE_ARRAY: address of the bytes */
  data: number;
  leaf: LeafColumn;
  free(): void;
}

/** Chunks up to this size are wrapped in memory that is kept: a chunk's worth, and what wraps it. */
const SCRATCH_BYTES = LIMITS.fetchBytes + 1_000_000;
let scratch: Uint8Array | undefined;

let makeReady: (() => void) | undefined;

/**
 * Say how the decoder is made ready. It is asked for by the first chunk that nothing shorter can read, which few tables
 * have: its five megabytes are a tenth of a second to load and compile.
 */
export function readyDecoderBy(prepare: () => void): void {
  makeReady = prepare;
}

let poisoned = false;

/** True once the decoder has panicked: its memory can no longer be trusted, the process should end after answering. */
export const isPoisoned = (): boolean => poisoned;

/**
 * Decode one column chunk.
 *
 * The chunk is wrapped as a file of its own and given to the synchronous reader: its errors can be caught, whereas
 * the asynchronous one can take the process with it.
 *
 * @param chunkBytes the bytes `[chunk.start, chunk.end)` of the object
 * @param rows rows of the row group
 * @param isChecked whether its pages have been through {@link checkedPages}
 * @returns views that the caller must free
 * @throws {UnreadableInputError} naming object and column if the codec is not supported or the pages do not decode to `rows` rows
 */
export function decodeColumn(
  column: TopLevelColumn,
  leaf: LeafColumn,
  chunk: ColumnChunk,
  chunkBytes: Uint8Array,
  rows: number,
  key: string,
  isChecked = false,
): DecodedColumn {
  if (!CODECS.has(chunk.codec)) {
    throw new UnreadableInputError(
      `column ${column.name} of ${key} must be uncompressed, snappy, gzip, zstd, brotli or lz4_raw to be normalized, it is ${chunk.codec}; pass it, or write it again`,
    );
  }
  if (rows === 0)
    return { rows, memory: new ArrayBuffer(4), offset: 0, validity: 0, values: 0, data: 0, leaf, free() {} };
  if (!isChecked) checkedPages(column, chunk, chunkBytes, key);
  makeReady?.();
  const stream = decode(column, leaf, chunk, chunkBytes, rows, key);
  try {
    const view = new DataView(wasmMemory().buffer);
    const batches = Array.from(stream.arrayAddrs(), (address) => readArrowArray(view, address));
    const decodedRows = batches.reduce((sum, { length }) => sum + length, 0);
    if (decodedRows !== rows || batches.length !== 1) {
      throw undecodable(
        column.name,
        key,
        `${rows} rows were expected, ${decodedRows} decoded in ${batches.length} pieces`,
      );
    }
    const [batch] = batches;
    const child = readArrowArray(view, batch.children[0]);
    const [validity, values, data = 0] = child.buffers;
    return {
      rows,
      memory: wasmMemory().buffer as ArrayBuffer,
      offset: batch.offset + child.offset,
      validity: child.nullCount === 0 ? 0 : validity,
      values,
      data,
      leaf,
      free: () => stream.free(),
    };
  } catch (error) {
    stream.free();
    throw error;
  }
}

/**
 * The pages of a chunk, checked before one of them is decoded.
 *
 * @throws {UnreadableInputError} naming object and column
 */
export function checkedPages(column: TopLevelColumn, chunk: ColumnChunk, chunkBytes: Uint8Array, key: string): Page[] {
  try {
    return checkPages(chunk, chunkBytes);
  } catch (cause) {
    throw undecodable(column.name, key, (cause as Error).message, cause);
  }
}

function decode(
  column: TopLevelColumn,
  leaf: LeafColumn,
  chunk: ColumnChunk,
  chunkBytes: Uint8Array,
  rows: number,
  key: string,
): ReturnType<ReturnType<typeof readParquet>['intoFFI']> {
  try {
    scratch ??= new Uint8Array(SCRATCH_BYTES);
    return readParquet(makeSubFile(leaf, chunk, chunkBytes, rows, scratch), { batchSize: rows }).intoFFI();
  } catch (cause) {
    // a panic, or a stack or memory exhausted inside the decoder, leaves it as it was at that instant; what it refuses
    // itself is a plain Error
    if ((cause as Error).name === 'RuntimeError' || cause instanceof RangeError) poisoned = true;
    throw undecodable(column.name, key, (cause as Error).message ?? String(cause), cause);
  }
}

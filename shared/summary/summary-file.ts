/** "MMS3", at the very end of a file. */
const MAGIC = 0x33534d4d;

/** A summary file ends with the length of its index in bytes and the magic number, 4 bytes each, little-endian. */
const TRAILER_BYTES = 8;

/** A column's block: its summary as encodeSummary gives it. */
export interface SummaryBlock {
  name: string;
  /** bytes */
  length: number;
}

/** Where a column's block lies in its file; half open. */
export interface SummaryIndexEntry {
  name: string;
  start: number;
  end: number;
}

/**
 * The end of a summary file, after its blocks: an index, so that a reader fetches only its own. It comes last because a
 * writer that does not hold the blocks learns their lengths as it goes.
 *
 * @param blocks in the order in which they stand in the file
 */
export function encodeSummaryIndex(blocks: readonly SummaryBlock[]): Uint8Array {
  const index = new TextEncoder().encode(JSON.stringify(blocks.map(({ name, length }) => [name, length])));
  const end = new Uint8Array(index.length + TRAILER_BYTES);
  const view = new DataView(end.buffer);
  end.set(index);
  view.setUint32(index.length, index.length, true);
  view.setUint32(index.length + 4, MAGIC, true);
  return end;
}

/**
 * Where the blocks end and the index begins: what has to be read for {@link readSummaryIndex}.
 *
 * @param tail at least the last 8 bytes
 * @param sizeBytes of the file
 * @throws {RangeError} if they are not those of a summary file
 */
export function summaryIndexStart(tail: Uint8Array, sizeBytes: number): number {
  const at = tail.length - TRAILER_BYTES;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  if (at < 0 || view.getUint32(at + 4, true) !== MAGIC) throw new RangeError('a summary file must end with MMS3');
  const start = sizeBytes - TRAILER_BYTES - view.getUint32(at, true);
  if (start < 0) throw new RangeError(`the index must lie within ${sizeBytes} bytes, it begins at ${start}`);
  return start;
}

/**
 * The blocks of a summary file, in its order.
 *
 * @param tail the bytes from {@link summaryIndexStart} to the end, or more
 * @param sizeBytes of the file
 * @throws {RangeError} if they are not those of a summary file, or too few
 */
export function readSummaryIndex(tail: Uint8Array, sizeBytes: number): SummaryIndexEntry[] {
  const end = summaryIndexStart(tail, sizeBytes);
  if (tail.length < sizeBytes - end)
    throw new RangeError(
      `the index must be read from byte ${end} on, got the last ${tail.length} bytes of ${sizeBytes}`,
    );
  const text = new TextDecoder().decode(tail.subarray(end - sizeBytes, -TRAILER_BYTES));
  let at = 0;
  const entries = (JSON.parse(text) as [string, number][]).map(([name, length]) => {
    const entry = { name, start: at, end: at + length };
    at = entry.end;
    return entry;
  });
  if (at !== end) throw new RangeError(`the blocks of a summary file must end at ${end}, they end at ${at}`);
  return entries;
}

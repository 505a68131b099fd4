import { LIMITS } from '../contract/limits.ts';
import type { RowGroup } from './footer-types.ts';

/** Half open. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A column whose chunks are fetched. */
export interface WantedColumn {
  leafStart: number;
  leafEnd: number;
  /** its chunks are decoded, so they are needed in one piece, however large */
  isWhole: boolean;
}

/**
 * The requests that fetch the wanted chunks of consecutive row groups, in the order in which they are worked on: row
 * groups as they come, columns in schema order.
 *
 * A row group whose chunks all lie within {@link LIMITS.fetchBytes} is fetched whole, with its neighbours up to that
 * size; of a larger one, neighbouring chunks up to that size. A chunk beyond it is a request by itself, or several.
 */
export function* sliceReads(rowGroups: readonly RowGroup[], wanted: readonly WantedColumn[]): Generator<ByteRange> {
  let open: ByteRange | undefined;
  for (const rowGroup of rowGroups) {
    if (rowGroup.rows === 0) continue;
    const extent = smallExtentOf(rowGroup);
    if (open && extent && joins(open, extent)) {
      open.end = extent.end;
      continue;
    }
    if (open) yield open;
    open = extent;
    if (!extent) yield* chunkReads(rowGroup, wanted);
  }
  if (open) yield open;
}

/** The requests that fetch the wanted chunks of one row group that is not small. */
export function* chunkReads({ chunks }: RowGroup, wanted: readonly WantedColumn[]): Generator<ByteRange> {
  let open: ByteRange | undefined;
  for (const { leafStart, leafEnd, isWhole } of wanted) {
    for (const { start, end } of chunks.slice(leafStart, leafEnd)) {
      if (open && joins(open, { start, end })) {
        open.end = end;
        continue;
      }
      if (open) yield open;
      open = end - start > LIMITS.fetchBytes ? undefined : { start, end };
      if (!open) yield* isWhole ? [{ start, end }] : piecesOf(start, end);
    }
  }
  if (open) yield open;
}

/** Where all chunks of a row group lie, if one request is to fetch them. */
export function smallExtentOf({ chunks }: RowGroup): ByteRange | undefined {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const chunk of chunks) {
    start = Math.min(start, chunk.start);
    end = Math.max(end, chunk.end);
  }
  return end - start <= LIMITS.fetchBytes ? { start, end } : undefined;
}

/** The requests that fetch small row groups, in order: of neighbours one, until it has {@link LIMITS.fetchBytes}. */
export function countExtentReads(extents: Iterable<ByteRange | undefined>): number {
  let reads = 0;
  let open: ByteRange | undefined;
  for (const extent of extents) {
    if (open && extent && joins(open, extent)) {
      open.end = extent.end;
      continue;
    }
    open = extent && { ...extent };
    if (extent) reads++;
  }
  return reads;
}

/** Small neighbours, in the order of the file, share a request that is not large enough yet. */
function joins(open: ByteRange, { start, end }: ByteRange): boolean {
  const gap = start - open.end;
  return (
    open.end - open.start < LIMITS.fetchBytes &&
    end - start <= LIMITS.fetchBytes &&
    gap >= 0 &&
    gap <= LIMITS.fetchGapBytes
  );
}

function* piecesOf(start: number, end: number): Generator<ByteRange> {
  for (let at = start; at < end; at += LIMITS.fetchBytes)
    yield { start: at, end: Math.min(at + LIMITS.fetchBytes, end) };
}

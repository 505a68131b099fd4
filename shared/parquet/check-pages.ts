import { crc32 } from 'node:zlib';
import type { ColumnChunk } from './footer-types.ts';
import { fieldOf, readStruct, type ThriftStruct } from './thrift.ts';
import { countOf, isStruct } from './thrift-values.ts';

/** Some writers leave page headers out of total_uncompressed_size, or count a page twice. */
const TOLERATED = { factor: 2, bytes: 1_000_000 };

/** A page as it lies in its chunk. */
export interface Page {
  header: ThriftStruct;
  /** of its bytes after the header, in the chunk; half open */
  start: number;
  end: number;
}

/**
 * Walk a chunk's page headers before a page is decoded: pages lie in the chunk, hold the values that the footer says
 * and not much more memory, and are the bytes that were written where the writer left checksums.
 *
 * A decoder believes a header's size and takes that much memory, which a worker may not have; and it does not look at
 * checksums.
 *
 * @returns its pages, in order
 * @throws {RangeError} naming the page and what is wrong
 * @see Apache Parquet format, struct PageHeader: 2 uncompressed_page_size, 3 compressed_page_size, 4 crc,
 *   5 data_page_header, 8 data_page_header_v2, both with 1 num_values
 */
export function checkPages(chunk: ColumnChunk, chunkBytes: Uint8Array): Page[] {
  const pages: Page[] = [];
  const maxBytes = TOLERATED.factor * chunk.uncompressedBytes + TOLERATED.bytes;
  let uncompressedBytes = 0;
  let values = 0;
  for (let page = 0, offset = 0; values < chunk.numValues; page++) {
    if (offset >= chunkBytes.length) {
      throw new RangeError(`its pages must hold ${chunk.numValues} values, they hold ${values}`);
    }
    const { struct: header, end: start } = readStruct(chunkBytes, offset);
    const end = start + countOf(fieldOf(header, 3), `compressed_page_size of page ${page}`);
    if (end > chunkBytes.length) throw new RangeError(`page ${page} must end in its chunk`);
    uncompressedBytes += countOf(fieldOf(header, 2), `uncompressed_page_size of page ${page}`);
    if (uncompressedBytes > maxBytes) {
      throw new RangeError(`its pages must decode to ${chunk.uncompressedBytes} bytes, they say ${uncompressedBytes}`);
    }
    checkSum(header, chunkBytes.subarray(start, end), page);
    values += valuesOf(header, page);
    pages.push({ header, start, end });
    offset = end;
  }
  if (values > chunk.numValues) {
    throw new RangeError(`its pages must hold ${chunk.numValues} values, they hold ${values}`);
  }
  return pages;
}

function checkSum(header: ThriftStruct, bytes: Uint8Array, page: number): void {
  const expected = fieldOf(header, 4);
  if (expected === undefined || (crc32(bytes) | 0) === expected) return;
  throw new RangeError(`page ${page} must have the checksum that was written with it`);
}

/** Dictionary and index pages hold no values of rows. */
function valuesOf(header: ThriftStruct, page: number): number {
  const dataPage = fieldOf(header, 5) ?? fieldOf(header, 8);
  return isStruct(dataPage) ? countOf(fieldOf(dataPage, 1), `num_values of page ${page}`) : 0;
}

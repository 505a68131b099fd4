import { readFileSync, writeFileSync } from 'node:fs';
import { parseFooter } from '../../../shared/parquet/footer.ts';
import type { ParquetFooter } from '../../../shared/parquet/footer-types.ts';
import type { EncodedChunk } from '../../../shared/parquet/write/encoded-chunk.ts';
import { type OutputColumn, outputKeyValues, splicedColumn } from '../../../shared/parquet/write/output-columns.ts';
import { PartWriter } from '../../../shared/parquet/write/part-writer.ts';

/** A sink that keeps what it is given. */
export class MemorySink {
  readonly #pieces: Uint8Array[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    this.#pieces.push(bytes.slice());
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#pieces));
  }
}

/** Footer of a whole file in memory. */
export function footerOf(file: Uint8Array): ParquetFooter {
  return parseFooter(footerBytesOf(file), file.length, 'a file in memory');
}

/** The FileMetaData struct of a whole file in memory. */
export function footerBytesOf(file: Uint8Array): Uint8Array {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
  return file.subarray(file.length - 8 - length, file.length - 8);
}

/** A chunk's bytes in pieces that no page ends with. */
export async function* piecesOf(file: Uint8Array, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += 4_099) yield file.subarray(at, Math.min(at + 4_099, end));
}

/** New columns at the end of a part. */
export interface AddedColumns {
  columns: OutputColumn[];
  /** one chunk a column for the row group that begins at this row of the part */
  encode: (rowStart: number, rows: number) => EncodedChunk[];
}

/** Splice all columns of all files into one part, row groups in order, and write it to `path`. */
export async function splice(sources: string[], path: string, added?: AddedColumns): Promise<Uint8Array> {
  const files = sources.map((source) => readFileSync(source));
  const footers = files.map(footerOf);
  const spliced = footers[0].columns.map((column) => splicedColumn(column, footers[0]));
  const sink = new MemorySink();
  const columns = [...spliced, ...(added?.columns ?? [])];
  const writer = await PartWriter.start(sink, columns, outputKeyValues(footers.map(({ keyValues }) => keyValues)));
  let rowStart = 0;
  for (const [i, footer] of footers.entries()) {
    for (const { rows, chunks } of footer.rowGroups) {
      if (rows === 0) continue;
      writer.beginRowGroup(rows);
      for (const chunk of chunks) {
        await writer.spliceChunk(chunk, piecesOf(files[i], chunk.start, chunk.end), footer.hasColumnOrders);
      }
      for (const chunk of added?.encode(rowStart, rows) ?? []) await writer.appendChunk(chunk);
      writer.endRowGroup();
      rowStart += rows;
    }
  }
  await writer.finish();
  writeFileSync(path, sink.bytes);
  return sink.bytes;
}

/** One row group of chunks made by the encoders. */
export async function partOf(columns: OutputColumn[], rows: number, chunks: EncodedChunk[]): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = await PartWriter.start(sink, columns, []);
  writer.beginRowGroup(rows);
  for (const chunk of chunks) await writer.appendChunk(chunk);
  writer.endRowGroup();
  await writer.finish();
  return sink.bytes;
}

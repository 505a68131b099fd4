import { UnreadableInputError } from '../../contract/errors.ts';
import type { ColumnChunk, ParquetFooter } from '../footer-types.ts';
import { THRIFT, type ThriftStruct, writeStruct } from '../thrift.ts';
import { i16, i32, i64, struct, structs, text } from '../thrift-fields.ts';
import { encodedMetadata, splicedMetadata } from './chunk-metadata.ts';
import { CREATED_BY } from './created-by.ts';
import type { EncodedChunk } from './encoded-chunk.ts';
import { writeWithEncodedList } from './encoded-list.ts';
import type { OutputColumn } from './output-columns.ts';

/** Where the bytes of a part go. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

const MAGIC = new TextEncoder().encode('PAR1');
const FORMAT_VERSION = 2;
const MOST_ORDINAL = 32_767;

/**
 * Writes one Parquet file chunk by chunk, in the order of the schema's leaves, over a sink that only appends.
 *
 * Chunks of the input are spliced: their pages are copied, their metadata re-based. What remains in memory is metadata,
 * encoded as soon as its row group is whole: objects would take ten times the room.
 *
 * @see Apache Parquet format, README "File format" and parquet.thrift
 */
export class PartWriter {
  readonly #sink: ByteSink;
  readonly #columns: readonly OutputColumn[];
  readonly #keyValues: ParquetFooter['keyValues'];
  readonly #leafPaths: string[][];
  readonly #rowGroups: Uint8Array[] = [];
  #chunks: ThriftStruct[] = [];
  #position = 0;
  #rows = 0;
  #groupRows = 0;
  #groupStart = 0;
  #groupUncompressed = 0;

  private constructor(sink: ByteSink, columns: readonly OutputColumn[], keyValues: ParquetFooter['keyValues']) {
    this.#sink = sink;
    this.#columns = columns;
    this.#keyValues = keyValues;
    this.#leafPaths = columns.flatMap(({ leafPaths }) => leafPaths);
  }

  static async start(
    sink: ByteSink,
    columns: readonly OutputColumn[],
    keyValues: ParquetFooter['keyValues'],
  ): Promise<PartWriter> {
    const writer = new PartWriter(sink, columns, keyValues);
    await writer.#append(MAGIC);
    return writer;
  }

  /** @throws {RangeError} if there are no rows: readers differ over row groups without any */
  beginRowGroup(rows: number): void {
    if (!(rows >= 1)) throw new RangeError(`rows of a row group must be an integer >= 1, got ${rows}`);
    this.#chunks = [];
    this.#groupRows = rows;
    this.#groupStart = this.#position;
    this.#groupUncompressed = 0;
  }

  /**
   * Copy a chunk of the input.
   *
   * @param pieces the bytes `[source.start, source.end)`, in order
   * @param hasColumnOrders whether the source's min_value and max_value are in a defined order and may travel on
   * @throws {UnreadableInputError} if there are more or fewer bytes
   */
  async spliceChunk(source: ColumnChunk, pieces: AsyncIterable<Uint8Array>, hasColumnOrders: boolean): Promise<void> {
    const start = this.#position;
    for await (const piece of pieces) await this.#append(piece);
    const length = this.#position - start;
    if (length !== source.end - source.start) {
      const path = this.#leafPaths[this.#chunks.length].join('.');
      throw new UnreadableInputError(`column ${path} must have ${source.end - source.start} bytes, ${length} arrived`);
    }
    this.#addChunk(splicedMetadata(source, start, hasColumnOrders), source.uncompressedBytes);
  }

  /** Write a chunk made here. */
  async appendChunk(chunk: EncodedChunk): Promise<void> {
    const start = this.#position;
    for (const piece of chunk.pieces) await this.#append(piece);
    const bytes = this.#position - start;
    this.#addChunk(encodedMetadata(chunk, this.#leafPaths[this.#chunks.length], start, bytes), bytes);
  }

  endRowGroup(): void {
    if (this.#chunks.length !== this.#leafPaths.length) {
      throw new RangeError(`a row group must have ${this.#leafPaths.length} column chunks, got ${this.#chunks.length}`);
    }
    const ordinal = this.#rowGroups.length;
    const fields = [
      structs(1, this.#chunks),
      i64(2, this.#groupUncompressed),
      i64(3, this.#groupRows),
      i64(5, this.#groupStart),
      i64(6, this.#position - this.#groupStart),
      ...(ordinal <= MOST_ORDINAL ? [i16(7, ordinal)] : []),
    ];
    this.#rowGroups.push(writeStruct({ fields }));
    this.#chunks = [];
    this.#rows += this.#groupRows;
  }

  /** Write the footer; nothing may follow. */
  async finish(): Promise<{ sizeBytes: number; rows: number }> {
    const footer = this.#encodeFooter();
    const closing = new Uint8Array(8);
    new DataView(closing.buffer).setUint32(0, footer.length, true);
    closing.set(MAGIC, 4);
    await this.#append(footer);
    await this.#append(closing);
    return { sizeBytes: this.#position, rows: this.#rows };
  }

  /** FileMetaData; column_orders: one TypeDefinedOrder a leaf */
  #encodeFooter(): Uint8Array {
    const root: ThriftStruct = { fields: [text(4, 'schema'), i32(5, this.#columns.length)] };
    const pairs = this.#keyValues.map(({ key, value }) => ({
      fields: [text(1, key), ...(value === null ? [] : [text(2, value)])],
    }));
    const before = [
      i32(1, FORMAT_VERSION),
      structs(2, [root, ...this.#columns.flatMap(({ elements }) => elements)]),
      i64(3, this.#rows),
    ];
    const after = [
      ...(pairs.length > 0 ? [structs(5, pairs)] : []),
      text(6, CREATED_BY),
      structs(
        7,
        this.#leafPaths.map(() => ({ fields: [struct(1)] })),
      ),
    ];
    return writeWithEncodedList(before, 4, this.#rowGroups, after);
  }

  #addChunk(metadata: ThriftStruct, uncompressedBytes: number): void {
    // 2 file_offset: deprecated, 0 where no metadata follows the chunk; 3 meta_data
    this.#chunks.push({ fields: [i64(2, 0), { id: 3, type: THRIFT.STRUCT, value: metadata }] });
    this.#groupUncompressed += uncompressedBytes;
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#sink.write(bytes);
    this.#position += bytes.length;
  }
}

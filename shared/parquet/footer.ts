import { InputChangedError, UnreadableInputError } from '../contract/errors.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ColumnChunk, LeafColumn, ParquetFooter, RowGroup, TopLevelColumn } from './footer-types.ts';
import { readSchema } from './schema.ts';
import { readStatistics } from './statistics.ts';
import { fieldOf, readStruct, type ThriftList, type ThriftStruct, type ThriftValue } from './thrift.ts';

/** A footer rarely exceeds this, so one request reads it whole. */
const TAIL_BYTES = 64_000;
/** 4 bytes of footer length, 4 of magic */
const CLOSING_BYTES = 8;
const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];

/**
 * Read and check the footer of one object: one request, a second one only for a footer beyond 64 kB.
 *
 * @throws {UnreadableInputError} naming the object, what is wrong in it and what to do
 * @throws {InputChangedError} if the object is no longer the one with this ETag
 */
export async function readFooter(
  store: ObjectStore,
  key: string,
  etag: string,
  sizeBytes: number,
): Promise<ParquetFooter> {
  if (sizeBytes < CLOSING_BYTES + 4) throw unreadable(key, `it has only ${sizeBytes} bytes`);
  const tailStart = Math.max(0, sizeBytes - TAIL_BYTES);
  const tail = await store.read(key, { start: tailStart, end: sizeBytes, etag });
  const closing = tail.subarray(tail.length - CLOSING_BYTES);
  const magic = new TextDecoder('latin1').decode(closing.subarray(4));
  if (magic === ENCRYPTED_MAGIC) throw encrypted(key);
  if (magic !== MAGIC) throw unreadable(key, 'it does not end with PAR1: it is cut short, or another kind of file');
  const length = new DataView(closing.buffer, closing.byteOffset).getUint32(0, true);
  const start = sizeBytes - CLOSING_BYTES - length;
  if (start < 4) throw unreadable(key, `its footer says it is ${length} bytes long, the file has ${sizeBytes}`);
  const bytes =
    start >= tailStart
      ? tail.subarray(start - tailStart, tail.length - CLOSING_BYTES)
      : await store.read(key, { start, end: sizeBytes - CLOSING_BYTES, etag });
  return parseFooter(bytes, sizeBytes, key);
}

/**
 * Parse a footer's Thrift and check that what it says of the file can be true.
 *
 * @param bytes the FileMetaData struct, without the closing length and magic
 * @throws {UnreadableInputError} naming the object and what is wrong in it
 */
export function parseFooter(bytes: Uint8Array, objectSizeBytes: number, key: string): ParquetFooter {
  try {
    return interpret(readStruct(bytes).struct, bytes.length + CLOSING_BYTES, objectSizeBytes, key);
  } catch (cause) {
    if (cause instanceof UnreadableInputError || cause instanceof InputChangedError) throw cause;
    throw unreadable(key, `its footer is damaged: ${(cause as Error).message}`, cause);
  }
}

/** FileMetaData: 2 schema, 3 num_rows, 4 row_groups, 5 key_value_metadata, 7 column_orders, 8 encryption_algorithm */
function interpret(file: ThriftStruct, footerBytes: number, objectSizeBytes: number, key: string): ParquetFooter {
  if (fieldOf(file, 8) !== undefined) throw encrypted(key);
  const { root, columns, leaves } = readSchema(structsOf(fieldOf(file, 2), 'schema'));
  const rows = countOf(fieldOf(file, 3), 'num_rows');
  const hasColumnOrders = areTypeDefined(fieldOf(file, 7), leaves.length);
  const dataEnd = objectSizeBytes - footerBytes;
  const rowGroups: RowGroup[] = [];
  let rowStart = 0;
  for (const [index, group] of structsOf(fieldOf(file, 4), 'row_groups').entries()) {
    const rowGroup = readRowGroup(group, { index, rowStart, columns, leaves, hasColumnOrders, dataEnd, key });
    rowStart += rowGroup.rows;
    rowGroups.push(rowGroup);
  }
  if (rowStart !== rows) throw unreadable(key, `its footer says ${rows} rows, its row groups hold ${rowStart}`);
  return {
    rows,
    rowGroups,
    columns,
    leaves,
    keyValues: readKeyValues(fieldOf(file, 5)),
    hasColumnOrders,
    schemaRoot: root,
    footerBytes,
  };
}

/** Whether every leaf has the order TypeDefinedOrder (1), the only one whose bounds we can read and pass on. */
function areTypeDefined(orders: ThriftValue | undefined, leaves: number): boolean {
  if (orders === undefined) return false;
  const list = structsOf(orders, 'column_orders');
  return list.length === leaves && list.every(({ fields }) => fields[0]?.id === 1);
}

interface RowGroupContext {
  index: number;
  rowStart: number;
  columns: TopLevelColumn[];
  leaves: LeafColumn[];
  hasColumnOrders: boolean;
  dataEnd: number;
  key: string;
}

/** RowGroup: 1 columns, 2 total_byte_size, 3 num_rows */
function readRowGroup(group: ThriftStruct, context: RowGroupContext): RowGroup {
  const { index, rowStart, columns, leaves, key } = context;
  const rows = countOf(fieldOf(group, 3), `num_rows of row group ${index}`);
  const structs = structsOf(fieldOf(group, 1), `columns of row group ${index}`);
  if (structs.length !== leaves.length) {
    throw unreadable(key, `row group ${index} has ${structs.length} column chunks for ${leaves.length} columns`);
  }
  const numericOf = new Map(columns.map((column) => [column.leafStart, column.numeric]));
  const chunks = structs.map((struct, leaf) => {
    const chunk = readChunk(struct, rows, leaves[leaf], context);
    const numeric = context.hasColumnOrders ? numericOf.get(leaf) : undefined;
    return { ...chunk, ...readStatistics(chunk.thrift, numeric ?? null, leaves[leaf]) };
  });
  const totalBytes = chunks.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0);
  return { rows, rowStart, totalBytes, chunks };
}

/**
 * ColumnChunk: 1 file_path, 3 meta_data, 8 crypto_metadata. ColumnMetaData: 4 codec, 5 num_values,
 * 6 total_uncompressed_size, 7 total_compressed_size, 9 data_page_offset, 11 dictionary_page_offset
 */
function readChunk(struct: ThriftStruct, rows: number, leaf: LeafColumn, { index, dataEnd, key }: RowGroupContext) {
  const where = `column ${leaf.path.join('.')} of row group ${index}`;
  if (fieldOf(struct, 1) !== undefined) throw unreadable(key, `${where} lies in another file`);
  if (fieldOf(struct, 8) !== undefined) throw encrypted(key);
  const meta = fieldOf(struct, 3);
  if (!isStruct(meta)) throw unreadable(key, `${where} has no metadata`);
  const dataPage = countOf(fieldOf(meta, 9), `data_page_offset of ${where}`);
  const dictionaryPage =
    fieldOf(meta, 11) === undefined ? 0 : countOf(fieldOf(meta, 11), `dictionary_page_offset of ${where}`);
  const start = dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage;
  const end = start + countOf(fieldOf(meta, 7), `total_compressed_size of ${where}`);
  if (end > dataEnd || (start < 4 && end > start)) {
    throw unreadable(key, `${where} is said to lie at bytes ${start}..${end}, the data ends at ${dataEnd}`);
  }
  if (start === end && rows > 0) throw unreadable(key, `${where} has no bytes for ${rows} rows`);
  const numValues = countOf(fieldOf(meta, 5), `num_values of ${where}`);
  if (leaf.maxRepetitionLevel === 0 && numValues !== rows) {
    throw unreadable(key, `${where} has ${numValues} values for ${rows} rows`);
  }
  const codec = fieldOf(meta, 4);
  const chunk: Omit<ColumnChunk, 'minimum' | 'maximum' | 'nullCount'> = {
    start,
    end,
    codec: CODECS[Number(codec)] ?? `codec ${codec}`,
    numValues,
    uncompressedBytes: countOf(fieldOf(meta, 6), `total_uncompressed_size of ${where}`),
    thrift: struct,
  };
  return chunk;
}

/** KeyValue: 1 key, 2 value */
function readKeyValues(list: ThriftValue | undefined): ParquetFooter['keyValues'] {
  if (list === undefined) return [];
  return structsOf(list, 'key_value_metadata').map((pair) => {
    const value = fieldOf(pair, 2);
    return { key: textOf(fieldOf(pair, 1)), value: value === undefined ? null : textOf(value) };
  });
}

function structsOf(value: ThriftValue | undefined, what: string): ThriftStruct[] {
  const list = value as ThriftList | undefined;
  if (!list || !Array.isArray(list.values) || !list.values.every(isStruct))
    throw new RangeError(`${what} must be a list of structs`);
  return list.values;
}

function countOf(value: ThriftValue | undefined, what: string): number {
  const count = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0)
    throw new RangeError(`${what} must be an integer >= 0, got ${String(value)}`);
  return count;
}

const textOf = (value: ThriftValue | undefined) => new TextDecoder().decode(value as Uint8Array);

const isStruct = (value: ThriftValue | undefined): value is ThriftStruct =>
  typeof value === 'object' && 'fields' in value;

function encrypted(key: string): UnreadableInputError {
  return new UnreadableInputError(`${key} is encrypted, modemap cannot read it; decrypt it first`);
}

function unreadable(key: string, what: string, cause?: unknown): UnreadableInputError {
  return new UnreadableInputError(`${key} is not a readable Parquet file: ${what}; replace it or take it out`, {
    cause,
  });
}

import type { ColumnChunk, LeafColumn, NumericType, RowGroup } from './footer-types.ts';
import { PHYSICAL_TYPES } from './physical-types.ts';
import { readStatistics } from './statistics.ts';
import { fieldOf, type ThriftStruct } from './thrift.ts';
import { countOf, isStruct, numberOf, structsOf } from './thrift-values.ts';
import { encrypted, unreadable } from './unreadable.ts';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];

/** Bytes of the magic that a file begins with. */
const DATA_START = 4;

/** What a row group's struct is read against. */
export interface RowGroupContext {
  leaves: readonly LeafColumn[];
  /** by leaf: the numeric type whose statistics can be trusted, else null */
  numeric: readonly (NumericType | null)[];
  /** where the footer begins */
  dataEnd: number;
  key: string;
}

/**
 * Read a row group and check that its chunks lie in the file and agree with the schema.
 *
 * RowGroup: 1 columns, 3 num_rows
 *
 * @throws {UnreadableInputError} naming the object, the column and what is wrong
 * @throws {RangeError} if a count is missing or negative
 */
export function readRowGroup(group: ThriftStruct, index: number, rowStart: number, context: RowGroupContext): RowGroup {
  const { leaves, numeric, key } = context;
  const rows = countOf(fieldOf(group, 3), 'num_rows of a row group');
  const structs = structsOf(fieldOf(group, 1), 'columns of a row group');
  if (structs.length !== leaves.length) {
    throw unreadable(key, `row group ${index} has ${structs.length} column chunks for ${leaves.length} columns`);
  }
  let totalBytes = 0;
  const chunks = structs.map((struct, leaf) => {
    const chunk = readChunk(struct, rows, index, leaves[leaf], numeric[leaf], context);
    totalBytes += chunk.uncompressedBytes;
    return chunk;
  });
  return { rows, rowStart, totalBytes, chunks };
}

/**
 * ColumnChunk: 1 file_path, 3 meta_data, 8 crypto_metadata. ColumnMetaData: 1 type, 4 codec, 5 num_values,
 * 6 total_uncompressed_size, 7 total_compressed_size, 9 data_page_offset, 11 dictionary_page_offset
 */
function readChunk(
  struct: ThriftStruct,
  rows: number,
  index: number,
  leaf: LeafColumn,
  numeric: NumericType | null,
  { dataEnd, key }: RowGroupContext,
): ColumnChunk {
  const refuse = (what: string) => unreadable(key, `column ${leaf.path.join('.')} of row group ${index} ${what}`);
  if (fieldOf(struct, 1) !== undefined) throw refuse('lies in another file');
  if (fieldOf(struct, 8) !== undefined) throw encrypted(key);
  const meta = fieldOf(struct, 3);
  if (!isStruct(meta)) throw refuse('has no metadata');
  const physicalType = PHYSICAL_TYPES[numberOf(fieldOf(meta, 1)) ?? -1];
  if (physicalType !== leaf.physicalType) throw refuse(`is ${physicalType} where the schema says ${leaf.physicalType}`);

  const { start, end } = rows === 0 ? NOWHERE : rangeOf(meta);
  if (end > dataEnd || start < DATA_START) {
    throw refuse(`is said to lie at bytes ${start}..${end}, the data ends at ${dataEnd}`);
  }
  if (start === end && rows > 0) throw refuse(`has no bytes for ${rows} rows`);
  const numValues = countOf(fieldOf(meta, 5), 'num_values');
  const isFlat = leaf.maxRepetitionLevel === 0;
  if (isFlat ? numValues !== rows : numValues < rows) throw refuse(`has ${numValues} values for ${rows} rows`);
  const codec = numberOf(fieldOf(meta, 4)) ?? -1;
  const { minimum, maximum, nullCount } = readStatistics(meta, numeric, leaf);
  return {
    start,
    end,
    codec: CODECS[codec] ?? `codec ${codec}`,
    numValues,
    uncompressedBytes: countOf(fieldOf(meta, 6), 'total_uncompressed_size'),
    minimum,
    maximum,
    nullCount,
    thrift: struct,
  };
}

/** Where nothing is to be read: for chunks without rows, writers put the first data page at byte 0, or before it. */
const NOWHERE = { start: DATA_START, end: DATA_START };

function rangeOf(meta: ThriftStruct): { start: number; end: number } {
  const dataPage = countOf(fieldOf(meta, 9), 'data_page_offset');
  const dictionaryPage = Number(fieldOf(meta, 11) ?? 0);
  // writers without a dictionary put 0 there, or the offset of the first data page
  const start = dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage;
  return { start, end: start + countOf(fieldOf(meta, 7), 'total_compressed_size') };
}

import { type ChunkFields, readChunkFields } from './column-chunk.ts';
import type { ColumnChunk, LeafColumn, NumericType, RowGroup } from './footer-types.ts';
import { PHYSICAL_TYPES } from './physical-types.ts';
import { readStatistics } from './statistics.ts';
import { readInteger, readStructListSize, THRIFT, type ThriftReader, visitFields } from './thrift-reader.ts';
import { countOf } from './thrift-values.ts';
import { encrypted, unreadable } from './unreadable.ts';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];

/** Bytes of the magic that a file begins with. */
const DATA_START = 4;

/** What a row group's struct is read against. */
export interface RowGroupContext {
  leaves: readonly LeafColumn[];
  /** by leaf: the numeric type whose statistics can be trusted, else null */
  numeric: readonly (NumericType | null)[];
  /** shows the footer */
  view: DataView;
  /** where the footer begins */
  dataEnd: number;
  key: string;
}

/**
 * Read a row group and check that its chunks lie in the file and agree with the schema.
 *
 * RowGroup: 1 columns, 3 num_rows
 *
 * @param reader stands where the struct begins; afterwards, where it has ended
 * @throws {UnreadableInputError} naming the object, the column and what is wrong
 * @throws {RangeError} if a count is missing or negative
 */
export function readRowGroup(
  reader: ThriftReader,
  index: number,
  rowStart: number,
  context: RowGroupContext,
): RowGroup {
  const { leaves, numeric, key } = context;
  let numRows: number | undefined;
  // the rows come after the columns
  const found: { fields: ChunkFields; structStart: number }[] = [];
  let hasColumns = false;
  visitFields(reader, (id, type) => {
    if (id === 1 && type === THRIFT.LIST) {
      hasColumns = true;
      const size = readStructListSize(reader, 'columns of a row group');
      for (let i = 0; i < size; i++) {
        const structStart = reader.offset;
        found.push({ structStart, fields: readChunkFields(reader) });
      }
      return true;
    }
    if (id !== 3) return false;
    numRows = readInteger(reader, type);
    return numRows !== undefined;
  });
  const rows = countOf(numRows, 'num_rows of a row group');
  if (!hasColumns) throw new RangeError('columns of a row group must be a list of structs');
  if (found.length !== leaves.length) {
    throw unreadable(key, `row group ${index} has ${found.length} column chunks for ${leaves.length} columns`);
  }
  let totalBytes = 0;
  const chunks = found.map(({ fields, structStart }, leaf) => {
    const checked = checkChunk(fields, rows, index, leaves[leaf], numeric[leaf], context);
    totalBytes += checked.uncompressedBytes;
    return { ...checked, footer: reader.bytes, structStart };
  });
  return { rows, rowStart, totalBytes, chunks };
}

function checkChunk(
  fields: ChunkFields,
  rows: number,
  index: number,
  leaf: LeafColumn,
  numeric: NumericType | null,
  { dataEnd, view, key }: RowGroupContext,
): Omit<ColumnChunk, 'footer' | 'structStart'> {
  const refuse = (what: string) => unreadable(key, `column ${leaf.path.join('.')} of row group ${index} ${what}`);
  if (fields.hasFilePath) throw refuse('lies in another file');
  if (fields.isEncrypted) throw encrypted(key);
  if (!fields.hasMetadata) throw refuse('has no metadata');
  const physicalType = PHYSICAL_TYPES[fields.type ?? -1];
  if (physicalType !== leaf.physicalType) throw refuse(`is ${physicalType} where the schema says ${leaf.physicalType}`);

  const { start, end } = rows === 0 ? NOWHERE : rangeOf(fields);
  if (end > dataEnd || start < DATA_START) {
    throw refuse(`is said to lie at bytes ${start}..${end}, the data ends at ${dataEnd}`);
  }
  if (start === end && rows > 0) throw refuse(`has no bytes for ${rows} rows`);
  const numValues = countOf(fields.numValues, 'num_values');
  const isFlat = leaf.maxRepetitionLevel === 0;
  if (isFlat ? numValues !== rows : numValues < rows) throw refuse(`has ${numValues} values for ${rows} rows`);
  const codec = fields.codec ?? -1;
  const { minimum, maximum, nullCount } = readStatistics(fields, view, numeric, leaf);
  return {
    start,
    end,
    codec: CODECS[codec] ?? `codec ${codec}`,
    numValues,
    uncompressedBytes: countOf(fields.uncompressedBytes, 'total_uncompressed_size'),
    minimum,
    maximum,
    nullCount,
  };
}

/** Where nothing is to be read: for chunks without rows, writers put the first data page at byte 0, or before it. */
const NOWHERE = { start: DATA_START, end: DATA_START };

function rangeOf({ dataPage, dictionaryPage = 0, compressedBytes }: ChunkFields): { start: number; end: number } {
  const data = countOf(dataPage, 'data_page_offset');
  // writers without a dictionary put 0 there, or the offset of the first data page
  const start = dictionaryPage > 0 && dictionaryPage < data ? dictionaryPage : data;
  return { start, end: start + countOf(compressedBytes, 'total_compressed_size') };
}

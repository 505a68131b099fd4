import type { ColumnChunk } from './footer-types.ts';
import { readStruct, type ThriftStruct } from './thrift.ts';
import { readInteger, readSize, THRIFT, type ThriftReader, visitFields } from './thrift-reader.ts';

/** Bytes `[start, start + length)` of the footer. */
export interface Bound {
  start: number;
  length: number;
}

const NONE: Bound = { start: 0, length: 0 };

/** What a ColumnChunk struct says, as it stands there; undefined where it says nothing. */
export interface ChunkFields {
  hasFilePath: boolean;
  isEncrypted: boolean;
  hasMetadata: boolean;
  type: number | undefined;
  codec: number | undefined;
  numValues: number | undefined;
  uncompressedBytes: number | undefined;
  compressedBytes: number | undefined;
  dataPage: number | undefined;
  dictionaryPage: number | undefined;
  nullCount: number | undefined;
  /** where in the footer it lies; length 0 for none */
  maximum: Bound;
  minimum: Bound;
  isMaximumExact: boolean;
  isMinimumExact: boolean;
}

/** The ColumnChunk struct of a chunk as it stands in the file: decoded when it is needed, for most never are. */
export const chunkStruct = ({ footer, structStart }: ColumnChunk): ThriftStruct =>
  readStruct(footer, structStart).struct;

/**
 * Read a ColumnChunk struct without making objects of its fields: 1 file_path, 3 meta_data, 8 crypto_metadata.
 *
 * @param reader stands where the struct begins; afterwards, where it has ended
 */
export function readChunkFields(reader: ThriftReader): ChunkFields {
  const fields: ChunkFields = {
    hasFilePath: false,
    isEncrypted: false,
    hasMetadata: false,
    type: undefined,
    codec: undefined,
    numValues: undefined,
    uncompressedBytes: undefined,
    compressedBytes: undefined,
    dataPage: undefined,
    dictionaryPage: undefined,
    nullCount: undefined,
    maximum: NONE,
    minimum: NONE,
    isMaximumExact: true,
    isMinimumExact: true,
  };
  visitFields(reader, (id, type) => {
    if (id === 1) fields.hasFilePath = true;
    if (id === 8) fields.isEncrypted = true;
    if (id !== 3 || type !== THRIFT.STRUCT) return false;
    fields.hasMetadata = true;
    readMetadata(reader, fields);
    return true;
  });
  return fields;
}

/**
 * ColumnMetaData: 1 type, 4 codec, 5 num_values, 6 total_uncompressed_size, 7 total_compressed_size, 9 data_page_offset,
 * 11 dictionary_page_offset, 12 statistics
 */
function readMetadata(reader: ThriftReader, fields: ChunkFields): void {
  visitFields(reader, (id, type) => {
    if (id === 12 && type === THRIFT.STRUCT) {
      readStatisticsFields(reader, fields);
      return true;
    }
    if (id === 2 || id === 3 || id > 11) return false;
    const value = readInteger(reader, type);
    if (id === 1) fields.type = value;
    else if (id === 4) fields.codec = value;
    else if (id === 5) fields.numValues = value;
    else if (id === 6) fields.uncompressedBytes = value;
    else if (id === 7) fields.compressedBytes = value;
    else if (id === 9) fields.dataPage = value;
    else if (id === 11) fields.dictionaryPage = value;
    return value !== undefined;
  });
}

/** Statistics: 3 null_count, 5 max_value, 6 min_value, 7 is_max_value_exact, 8 is_min_value_exact */
function readStatisticsFields(reader: ThriftReader, fields: ChunkFields): void {
  visitFields(reader, (id, type) => {
    if (id === 3) {
      fields.nullCount = readInteger(reader, type);
      return fields.nullCount !== undefined;
    }
    if (id === 7) fields.isMaximumExact = type !== THRIFT.FALSE;
    if (id === 8) fields.isMinimumExact = type !== THRIFT.FALSE;
    if ((id !== 5 && id !== 6) || type !== THRIFT.BINARY) return false;
    const length = readSize(reader, 1);
    const bound = { start: reader.offset, length };
    reader.offset += length;
    if (id === 5) fields.maximum = bound;
    else fields.minimum = bound;
    return true;
  });
}

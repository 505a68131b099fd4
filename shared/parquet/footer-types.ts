/**
 * What the rest of modemap knows of a Parquet footer: plain values, half-open ranges, the original Thrift kept aside
 * so that untouched parts travel through bit for bit.
 *
 * @see Apache Parquet format, src/main/thrift/parquet.thrift
 */
import type { ThriftStruct } from './thrift.ts';

export type PhysicalType =
  | 'BOOLEAN'
  | 'INT32'
  | 'INT64'
  | 'INT96'
  | 'FLOAT'
  | 'DOUBLE'
  | 'BYTE_ARRAY'
  | 'FIXED_LEN_BYTE_ARRAY';

/** A type whose values have a place on the real line. */
export type NumericType =
  | { kind: 'integer'; bits: 8 | 16 | 32 | 64; signed: boolean }
  | { kind: 'float'; bits: 32 | 64 }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'date' }
  | { kind: 'timestamp'; unit: 'ms' | 'us' | 'ns' };

/** A leaf of the schema: what a column chunk holds. */
export interface LeafColumn {
  /** path from the root, e.g. `['a', 'list', 'element']` */
  path: string[];
  physicalType: PhysicalType;
  /** bytes of a FIXED_LEN_BYTE_ARRAY value, else 0 */
  typeLength: number;
  maxDefinitionLevel: number;
  maxRepetitionLevel: number;
}

/** A child of the root: what users call a column. */
export interface TopLevelColumn {
  name: string;
  repetition: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  /** leaves of this column are `leaves[leafStart..leafEnd)` of the footer */
  leafStart: number;
  leafEnd: number;
  /** a word for people, e.g. `INT64`, `DECIMAL(9,3)`, `TIMESTAMP(us)`, `STRING`, `LIST` */
  typeName: string;
  /** logical type as model.json names it, or null for a bare physical type */
  logicalType: string | null;
  /** set where the column is one leaf that is not repeated and whose values are numbers, dates or timestamps */
  numeric: NumericType | null;
  /** the column's schema elements, the top one first, as they stand in the file */
  schemaElements: ThriftStruct[];
}

/** One column chunk of one row group. */
export interface ColumnChunk {
  /** half-open byte range in the file: dictionary page (if any) and data pages */
  start: number;
  end: number;
  codec: string;
  numValues: number;
  uncompressedBytes: number;
  /** of min_value/max_value in a defined order, as doubles; null where absent, unreliable or not numeric */
  minimum: number | null;
  maximum: number | null;
  nullCount: number | null;
  /** the ColumnChunk struct as it stands in the file: the bytes that hold it, and where in them it begins */
  footer: Uint8Array;
  structStart: number;
}

export interface RowGroup {
  rows: number;
  /** index of the row group's first row in its object */
  rowStart: number;
  /** decoded size of all chunks, bytes */
  totalBytes: number;
  /** one per leaf, in schema order */
  chunks: ColumnChunk[];
}

export interface ParquetFooter {
  rows: number;
  rowGroups: RowGroup[];
  columns: TopLevelColumn[];
  leaves: LeafColumn[];
  keyValues: { key: string; value: string | null }[];
  /** false: min_value/max_value are in no defined order and must not be trusted or passed on */
  hasColumnOrders: boolean;
  /** the schema's root element as it stands in the file */
  schemaRoot: ThriftStruct;
  /** length of footer + 8 closing bytes */
  footerBytes: number;
}

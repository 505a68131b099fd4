import type { ParquetFooter, TopLevelColumn } from '../footer-types.ts';
import type { ThriftStruct } from '../thrift.ts';
import { boolean, i8, i32, struct, text } from '../thrift-fields.ts';

/** A top-level column of an output part: its schema elements and the paths of its leaves. */
export interface OutputColumn {
  elements: ThriftStruct[];
  /** one a leaf, in order */
  leafPaths: string[][];
}

const OPTIONAL = 1;
const TYPE = { INT32: 1, FLOAT: 4, DOUBLE: 5, BYTE_ARRAY: 6 };
const CONVERTED = { UTF8: 0, INT_8: 15 };
/** members of the union LogicalType */
const LOGICAL = { STRING: 1, INTEGER: 10 };

/** An input column whose chunks are copied: its schema travels as it stands in the file. */
export function splicedColumn(
  { schemaElements, leafStart, leafEnd }: TopLevelColumn,
  { leaves }: ParquetFooter,
): OutputColumn {
  return { elements: schemaElements, leafPaths: leaves.slice(leafStart, leafEnd).map(({ path }) => path) };
}

/** OPTIONAL FLOAT or DOUBLE: the normalized values. */
export function normalizedColumn(name: string, precision: 'float32' | 'float64'): OutputColumn {
  const type = precision === 'float64' ? TYPE.DOUBLE : TYPE.FLOAT;
  return { elements: [{ fields: [i32(1, type), i32(3, OPTIONAL), text(4, name)] }], leafPaths: [[name]] };
}

/** OPTIONAL INT32 annotated as a signed 8-bit integer, in the new way and in the old one: TINYINT in SQL. */
export function componentColumn(name: string): OutputColumn {
  const fields = [
    i32(1, TYPE.INT32),
    i32(3, OPTIONAL),
    text(4, name),
    i32(6, CONVERTED.INT_8),
    struct(10, struct(LOGICAL.INTEGER, i8(1, 8), boolean(2, true))),
  ];
  return { elements: [{ fields }], leafPaths: [[name]] };
}

/** OPTIONAL STRING: what a `k=v` folder says of all rows of an object. */
export function folderColumn(name: string): OutputColumn {
  const fields = [
    i32(1, TYPE.BYTE_ARRAY),
    i32(3, OPTIONAL),
    text(4, name),
    i32(6, CONVERTED.UTF8),
    struct(10, struct(LOGICAL.STRING)),
  ];
  return { elements: [{ fields }], leafPaths: [[name]] };
}

/** Key-values that describe a schema which the output no longer has. */
const DESCRIBES_SCHEMA = new Set([
  'ARROW:schema',
  'pandas',
  'org.apache.spark.sql.parquet.row.metadata',
  'parquet.avro.schema',
  'avro.schema',
  'iceberg.schema',
]);

/** The key-values on which all objects of a part agree, but those that describe a schema. */
export function outputKeyValues(objects: readonly ParquetFooter['keyValues'][]): ParquetFooter['keyValues'] {
  const [first, ...others] = objects;
  return first.filter(
    ({ key, value }) =>
      !DESCRIBES_SCHEMA.has(key) &&
      others.every((pairs) => pairs.some((pair) => pair.key === key && pair.value === value)),
  );
}

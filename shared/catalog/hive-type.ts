import type { LeafColumn, PhysicalType } from '../parquet/footer-types.ts';
import type { SchemaNode } from '../parquet/schema-tree.ts';

/** A type that reads the values right, or why there is none. */
export type HiveType = { type: string } | { reason: string };

/**
 * The Hive type by which Athena reads a column of a Parquet file as it is: the same values as any other reader gets.
 * Where its engine would wrap, round or refuse them there is none.
 *
 * Timestamps are the one exception: Athena knows them to the millisecond.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function hiveTypeOf(node: SchemaNode): HiveType {
  if (node.isRepeated) return { reason: 'it is a repeated field outside of a list' };
  if (node.leaf) return leafType(node.leaf, node.logicalType);
  if (node.logicalType === 'LIST') return listType(node);
  if (node.logicalType === 'MAP' || node.logicalType === 'MAP_KEY_VALUE') return mapType(node);
  if (node.logicalType === null) return structType(node);
  return { reason: `SQL has no type for ${node.logicalType}` };
}

const BARE: Record<PhysicalType, string | undefined> = {
  BOOLEAN: 'boolean',
  INT32: 'int',
  INT64: 'bigint',
  // to the nanosecond
  INT96: undefined,
  FLOAT: 'float',
  DOUBLE: 'double',
  BYTE_ARRAY: 'binary',
  FIXED_LEN_BYTE_ARRAY: 'binary',
};

/** Unsigned integers as the signed ones that hold all of them; those of 32 and 64 bits come out negative. */
const ANNOTATED: Record<string, string> = {
  STRING: 'string',
  ENUM: 'string',
  JSON: 'string',
  BSON: 'binary',
  UUID: 'binary',
  DATE: 'date',
  'INTEGER(8, signed)': 'tinyint',
  'INTEGER(16, signed)': 'smallint',
  'INTEGER(32, signed)': 'int',
  'INTEGER(64, signed)': 'bigint',
  'INTEGER(8, unsigned)': 'smallint',
  'INTEGER(16, unsigned)': 'int',
  'TIMESTAMP(ms)': 'timestamp',
  'TIMESTAMP(ms, UTC)': 'timestamp',
  'TIMESTAMP(us)': 'timestamp',
  'TIMESTAMP(us, UTC)': 'timestamp',
};

/** Digits of SQL's largest decimal. */
const MOST_DIGITS = 38;

function leafType({ physicalType }: LeafColumn, logicalType: string | null): HiveType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(logicalType ?? '');
  if (decimal) {
    const [, precision, scale] = decimal;
    if (Number(precision) <= MOST_DIGITS) return { type: `decimal(${precision},${scale})` };
    return { reason: `SQL has decimals of at most ${MOST_DIGITS} digits, these have ${precision}` };
  }
  const isBare = logicalType === null || logicalType === 'NULL';
  const type = isBare ? BARE[physicalType] : ANNOTATED[logicalType];
  return type ? { type } : { reason: `Athena does not read ${isBare ? physicalType : logicalType} right` };
}

/** A repeated group around each element; how writers of before 2014 put it, readers can only guess. */
function listType({ children }: SchemaNode): HiveType {
  const [group, ...others] = children;
  if (others.length > 0 || !group?.isRepeated || group.children.length !== 1 || group.name === 'array') {
    return { reason: 'it is a list in a form that is no longer written' };
  }
  return around(group.children, ([element]) => `array<${element}>`);
}

function mapType({ children }: SchemaNode): HiveType {
  const [group, ...others] = children;
  if (others.length > 0 || !group?.isRepeated || group.children.length !== 2) {
    return { reason: 'it is a map in a form that is no longer written' };
  }
  return around(group.children, ([key, value]) => `map<${key},${value}>`);
}

/** What a field of a struct may be called in the text of a Hive type. */
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function structType({ children }: SchemaNode): HiveType {
  const names = children.map(({ name }) => name.toLowerCase());
  const odd = children.find(({ name }) => !FIELD_NAME.test(name));
  if (odd) return { reason: `its field ${JSON.stringify(odd.name)} cannot be named in a SQL type` };
  if (names.length === 0) return { reason: 'it is a struct without fields' };
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) return { reason: `its fields ${twice} differ only in case` };
  return around(children, (types) => `struct<${types.map((type, i) => `${names[i]}:${type}`)}>`);
}

function around(children: readonly SchemaNode[], join: (types: string[]) => string): HiveType {
  const types: string[] = [];
  for (const child of children) {
    const inner = hiveTypeOf(child);
    if ('reason' in inner) return inner;
    types.push(inner.type);
  }
  return { type: join(types) };
}

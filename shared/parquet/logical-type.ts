import type { LeafColumn, NumericType, PhysicalType } from './footer-types.ts';
import { fieldOf, type ThriftStruct, type ThriftValue } from './thrift.ts';
import { isStruct, numberOf } from './thrift-values.ts';

/** LogicalType is a union: the id of its only field names the type. */
const LOGICAL = [
  '',
  'STRING',
  'MAP',
  'LIST',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME',
  'TIMESTAMP',
  '',
  'INTEGER',
  'NULL',
  'JSON',
  'BSON',
  'UUID',
  'FLOAT16',
  'VARIANT',
  'GEOMETRY',
  'GEOGRAPHY',
];
/** Times of a ConvertedType are always adjusted to UTC. */
const CONVERTED = [
  'STRING',
  'MAP',
  'MAP_KEY_VALUE',
  'LIST',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME(ms, UTC)',
  'TIME(us, UTC)',
  'TIMESTAMP(ms, UTC)',
  'TIMESTAMP(us, UTC)',
  'INTEGER(8, unsigned)',
  'INTEGER(16, unsigned)',
  'INTEGER(32, unsigned)',
  'INTEGER(64, unsigned)',
  'INTEGER(8, signed)',
  'INTEGER(16, signed)',
  'INTEGER(32, signed)',
  'INTEGER(64, signed)',
  'JSON',
  'BSON',
  'INTERVAL',
];

/**
 * The logical type of a schema element as a word, from LogicalType or, in older files, ConvertedType; null for none.
 *
 * Two elements with the same word give their values the same meaning. One that this version does not know is named by
 * its number, so it is never taken for a bare number.
 *
 * @see Apache Parquet format, LogicalTypes.md; SchemaElement: 6 converted_type, 7 scale, 8 precision, 10 logicalType
 */
export function logicalTypeOf(element: ThriftStruct): string | null {
  const logical = fieldOf(element, 10);
  const [member] = isStruct(logical) ? logical.fields : [];
  if (member) return logicalName(member.id, isStruct(member.value) ? member.value : { fields: [] });
  const converted = numberOf(fieldOf(element, 6));
  if (converted === undefined) return null;
  const name = CONVERTED[converted] ?? `CONVERTED(${converted})`;
  return name === 'DECIMAL' ? decimalName(fieldOf(element, 8), fieldOf(element, 7)) : name;
}

/** DecimalType: 1 scale, 2 precision; IntType: 1 bitWidth, 2 isSigned; TimeType and TimestampType: 1 isAdjustedToUTC, 2 unit */
function logicalName(id: number, parameters: ThriftStruct): string {
  const name = LOGICAL[id] || `LOGICAL(${id})`;
  const [first, second] = [fieldOf(parameters, 1), fieldOf(parameters, 2)];
  if (name === 'DECIMAL') return decimalName(second, first);
  if (name === 'INTEGER') return `INTEGER(${numberOf(first)}, ${second === true ? 'signed' : 'unsigned'})`;
  if (name === 'TIME' || name === 'TIMESTAMP') return `${name}(${unitOf(second)}${first === true ? ', UTC' : ''})`;
  return name;
}

const decimalName = (precision: ThriftValue | undefined, scale: ThriftValue | undefined) =>
  `DECIMAL(${numberOf(precision)},${numberOf(scale) ?? 0})`;

const unitOf = (unit: ThriftValue | undefined) =>
  ['', 'ms', 'us', 'ns'][isStruct(unit) ? (unit.fields[0]?.id ?? 0) : 0] ?? '?';

/** Digits of the largest decimal type that engines have. */
const MAX_PRECISION = 76;

/** How a leaf's values lie on the real line, or null where they do not. */
export function numericTypeOf(
  { physicalType, typeLength }: LeafColumn,
  logicalType: string | null,
): NumericType | null {
  const width = physicalType === 'INT32' ? 32 : physicalType === 'INT64' ? 64 : 0;
  if (logicalType === null) {
    if (width > 0) return { kind: 'integer', bits: width as 32 | 64, signed: true };
    if (physicalType === 'FLOAT') return { kind: 'float', bits: 32 };
    return physicalType === 'DOUBLE' ? { kind: 'float', bits: 64 } : null;
  }
  const [, name, parameters] = /^([A-Z]+)(?:\((.*)\))?$/.exec(logicalType) ?? [];
  const [first, second] = (parameters ?? '').split(/, ?/);
  if (name === 'INTEGER') {
    const bits = [8, 16, 32, 64].find((candidate) => candidate === Number(first)) as 8 | 16 | 32 | 64 | undefined;
    return bits !== undefined && bits <= width ? { kind: 'integer', bits, signed: second === 'signed' } : null;
  }
  if (name === 'DECIMAL') {
    const [precision, scale] = [Number(first), Number(second)];
    const isStored = width > 0 || physicalType === 'BYTE_ARRAY' || typeLength > 0;
    const isValid = precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision;
    return isStored && isValid ? { kind: 'decimal', precision, scale } : null;
  }
  if (name === 'DATE' && width === 32) return { kind: 'date' };
  if (name === 'TIMESTAMP' && width === 64 && (first === 'ms' || first === 'us' || first === 'ns')) {
    return { kind: 'timestamp', unit: first };
  }
  return null;
}

/**
 * A leaf's type as a word for people. Two leaves with the same word hold the same bits with the same meaning, so that
 * their pages may follow one another: where the storage does not go without saying, the word names it.
 */
export function leafTypeName({ physicalType, typeLength }: LeafColumn, logicalType: string | null): string {
  const storage = physicalType === 'FIXED_LEN_BYTE_ARRAY' ? `${physicalType}(${typeLength})` : physicalType;
  if (logicalType === null) return storage;
  return storage === usualStorage(logicalType) ? logicalType : `${logicalType} in ${storage}`;
}

const USUAL: Record<string, PhysicalType | `FIXED_LEN_BYTE_ARRAY(${number})`> = {
  STRING: 'BYTE_ARRAY',
  ENUM: 'BYTE_ARRAY',
  JSON: 'BYTE_ARRAY',
  BSON: 'BYTE_ARRAY',
  DATE: 'INT32',
  TIME: 'INT64',
  TIMESTAMP: 'INT64',
  UUID: 'FIXED_LEN_BYTE_ARRAY(16)',
  FLOAT16: 'FIXED_LEN_BYTE_ARRAY(2)',
  INTERVAL: 'FIXED_LEN_BYTE_ARRAY(12)',
};

function usualStorage(logicalType: string): string | undefined {
  const [name, first] = logicalType.split(/[(,)]/);
  if (name === 'INTEGER') return Number(first) === 64 ? 'INT64' : 'INT32';
  if (name === 'DECIMAL') {
    return Number(first) <= 9 ? 'INT32' : Number(first) <= 18 ? 'INT64' : 'FIXED_LEN_BYTE_ARRAY(16)';
  }
  return name === 'TIME' && first === 'ms' ? 'INT32' : USUAL[name];
}

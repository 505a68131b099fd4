import type { LeafColumn, NumericType, PhysicalType, TopLevelColumn } from './footer-types.ts';
import { fieldOf, type ThriftStruct, type ThriftValue } from './thrift.ts';

const PHYSICAL: PhysicalType[] = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
];
const REPETITION = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;

/** SchemaElement: 1 type, 2 type_length, 3 repetition_type, 4 name, 5 num_children, 6 converted_type, 7 scale, 8 precision, 10 logicalType */
const SCHEMA = {
  type: 1,
  typeLength: 2,
  repetition: 3,
  name: 4,
  children: 5,
  converted: 6,
  scale: 7,
  precision: 8,
  logical: 10,
};

/** What a schema says, its depth-first list of elements unfolded. */
export interface ParquetSchema {
  root: ThriftStruct;
  columns: TopLevelColumn[];
  leaves: LeafColumn[];
}

/**
 * Unfold the depth-first list of schema elements.
 *
 * @throws {RangeError} if the list does not describe one tree
 * @see Apache Parquet format, README "Metadata" and LogicalTypes.md
 */
export function readSchema(elements: ThriftStruct[]): ParquetSchema {
  if (elements.length === 0) throw new RangeError('the schema must have a root');
  const leaves: LeafColumn[] = [];
  const columns: TopLevelColumn[] = [];
  let next = 1;
  const visit = (path: string[], definition: number, repetition: number): void => {
    if (next >= elements.length) throw new RangeError('the schema must have as many elements as it says');
    const element = elements[next++];
    const kind = REPETITION[numberOf(element, SCHEMA.repetition) ?? 0] ?? 'REQUIRED';
    const own = [...path, nameOf(element)];
    const definitionLevel = definition + (kind === 'REQUIRED' ? 0 : 1);
    const repetitionLevel = repetition + (kind === 'REPEATED' ? 1 : 0);
    const children = numberOf(element, SCHEMA.children) ?? 0;
    if (fieldOf(element, SCHEMA.type) === undefined) {
      for (let child = 0; child < children; child++) visit(own, definitionLevel, repetitionLevel);
      return;
    }
    leaves.push({
      path: own,
      physicalType: PHYSICAL[numberOf(element, SCHEMA.type)!] ?? unknownType(own, element),
      typeLength: numberOf(element, SCHEMA.typeLength) ?? 0,
      maxDefinitionLevel: definitionLevel,
      maxRepetitionLevel: repetitionLevel,
    });
  };
  const [root] = elements;
  for (let child = numberOf(root, SCHEMA.children) ?? 0; child > 0; child--) {
    const elementStart = next;
    const leafStart = leaves.length;
    visit([], 0, 0);
    columns.push(topLevelColumn(elements.slice(elementStart, next), leaves, leafStart));
  }
  if (next !== elements.length) throw new RangeError(`the schema must have ${next} elements, got ${elements.length}`);
  return { root, columns, leaves };
}

function topLevelColumn(schemaElements: ThriftStruct[], leaves: LeafColumn[], leafStart: number): TopLevelColumn {
  const [element] = schemaElements;
  const repetition = REPETITION[numberOf(element, SCHEMA.repetition) ?? 0] ?? 'REQUIRED';
  const isLeaf = schemaElements.length === 1 && leaves.length === leafStart + 1;
  const leaf = isLeaf ? leaves[leafStart] : undefined;
  const logicalType = logicalTypeOf(element, leaf);
  return {
    name: nameOf(element),
    repetition,
    leafStart,
    leafEnd: leaves.length,
    typeName: typeNameOf(leaf, repetition, logicalType),
    logicalType,
    numeric: leaf && repetition !== 'REPEATED' ? numericTypeOf(leaf, logicalType) : null,
    schemaElements,
  };
}

function typeNameOf(leaf: LeafColumn | undefined, repetition: string, logicalType: string | null): string {
  const name = logicalType ?? leaf?.physicalType ?? 'STRUCT';
  const sized =
    leaf?.physicalType === 'FIXED_LEN_BYTE_ARRAY' && logicalType === null ? `${name}(${leaf.typeLength})` : name;
  return repetition === 'REPEATED' ? `repeated ${sized}` : sized;
}

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
const CONVERTED = [
  'STRING',
  'MAP',
  'MAP_KEY_VALUE',
  'LIST',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME(ms)',
  'TIME(us)',
  'TIMESTAMP(ms)',
  'TIMESTAMP(us)',
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

/** The logical type as a word, from LogicalType or, in older files, ConvertedType. */
function logicalTypeOf(element: ThriftStruct, leaf: LeafColumn | undefined): string | null {
  const logical = fieldOf(element, SCHEMA.logical);
  const [member] = isStruct(logical) ? logical.fields : [];
  if (member) {
    const name = LOGICAL[member.id] ?? '';
    const parameters = isStruct(member.value) ? member.value : { fields: [] };
    // DecimalType: 1 scale, 2 precision; IntType: 1 bitWidth, 2 isSigned; TimeType and TimestampType: 2 unit
    if (name === 'DECIMAL') return `DECIMAL(${numberOf(parameters, 2)},${numberOf(parameters, 1) ?? 0})`;
    if (name === 'INTEGER')
      return `INTEGER(${numberOf(parameters, 1)}, ${fieldOf(parameters, 2) ? 'signed' : 'unsigned'})`;
    if (name === 'TIME' || name === 'TIMESTAMP') return `${name}(${unitOf(fieldOf(parameters, 2))})`;
    if (name !== '') return name;
  }
  const converted = numberOf(element, SCHEMA.converted);
  if (converted === undefined || !(leaf || CONVERTED[converted] === 'LIST' || CONVERTED[converted] === 'MAP'))
    return null;
  if (CONVERTED[converted] === 'DECIMAL') {
    return `DECIMAL(${numberOf(element, SCHEMA.precision)},${numberOf(element, SCHEMA.scale) ?? 0})`;
  }
  return CONVERTED[converted] ?? null;
}

function numericTypeOf({ physicalType, typeLength }: LeafColumn, logicalType: string | null): NumericType | null {
  const isInteger = physicalType === 'INT32' || physicalType === 'INT64';
  const width = physicalType === 'INT32' ? 32 : 64;
  if (logicalType === null) {
    if (isInteger) return { kind: 'integer', bits: width, signed: true };
    return physicalType === 'FLOAT'
      ? { kind: 'float', bits: 32 }
      : physicalType === 'DOUBLE'
        ? { kind: 'float', bits: 64 }
        : null;
  }
  const integer = /^INTEGER\((8|16|32|64), (signed|unsigned)\)$/.exec(logicalType);
  if (integer && isInteger && Number(integer[1]) <= width) {
    return { kind: 'integer', bits: Number(integer[1]) as 8 | 16 | 32 | 64, signed: integer[2] === 'signed' };
  }
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(logicalType);
  if (
    decimal &&
    (isInteger || physicalType === 'BYTE_ARRAY' || (physicalType === 'FIXED_LEN_BYTE_ARRAY' && typeLength > 0))
  ) {
    return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  }
  if (logicalType === 'DATE' && physicalType === 'INT32') return { kind: 'date' };
  const timestamp = /^TIMESTAMP\((ms|us|ns)\)$/.exec(logicalType);
  return timestamp && physicalType === 'INT64' ? { kind: 'timestamp', unit: timestamp[1] as 'ms' | 'us' | 'ns' } : null;
}

const unitOf = (unit: ThriftValue | undefined) =>
  ['', 'ms', 'us', 'ns'][isStruct(unit) ? (unit.fields[0]?.id ?? 0) : 0] ?? '?';

function unknownType(path: string[], element: ThriftStruct): never {
  throw new RangeError(`column ${path.join('.')} must have a type of 0..7, got ${numberOf(element, SCHEMA.type)}`);
}

function numberOf(struct: ThriftStruct, id: number): number | undefined {
  const value = fieldOf(struct, id);
  return typeof value === 'number' ? value : undefined;
}

const nameOf = (element: ThriftStruct) => new TextDecoder().decode(fieldOf(element, SCHEMA.name) as Uint8Array);

const isStruct = (value: ThriftValue | undefined): value is ThriftStruct =>
  typeof value === 'object' && 'fields' in value;

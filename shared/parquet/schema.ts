import type { LeafColumn, TopLevelColumn } from './footer-types.ts';
import { leafTypeName, logicalTypeOf, numericTypeOf } from './logical-type.ts';
import { PHYSICAL_TYPES } from './physical-types.ts';
import { fieldOf, type ThriftStruct } from './thrift.ts';
import { countOf, numberOf, textOf } from './thrift-values.ts';

const REPETITION = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;

/** Deeper nesting than any table has: a corrupt file must not exhaust the stack. */
const MAX_DEPTH = 100;

/** SchemaElement: 1 type, 2 type_length, 3 repetition_type, 4 name, 5 num_children */
const SCHEMA = { type: 1, typeLength: 2, repetition: 3, name: 4, children: 5 };

/** What a schema says, its depth-first list of elements unfolded. */
export interface ParquetSchema {
  root: ThriftStruct;
  columns: TopLevelColumn[];
  leaves: LeafColumn[];
}

/**
 * Unfold the depth-first list of schema elements.
 *
 * @throws {RangeError} if the list does not describe one tree with at least one column
 * @see Apache Parquet format, README "Metadata" and LogicalTypes.md
 */
export function readSchema(elements: ThriftStruct[]): ParquetSchema {
  if (elements.length === 0) throw new RangeError('the schema must have a root');
  const leaves: LeafColumn[] = [];
  const columns: TopLevelColumn[] = [];
  let next = 1;
  const visit = (parent: LevelledPath): void => {
    if (next >= elements.length) throw new RangeError('the schema must have as many elements as it says');
    const element = elements[next++];
    const own = levelsOf(element, parent);
    if (own.path.length > MAX_DEPTH) throw new RangeError(`columns must nest at most ${MAX_DEPTH} deep`);
    if (fieldOf(element, SCHEMA.type) !== undefined) leaves.push(leafOf(element, own));
    else for (let child = childrenOf(element); child > 0; child--) visit(own);
  };
  const [root] = elements;
  for (let child = childrenOf(root); child > 0; child--) {
    const elementStart = next;
    const leafStart = leaves.length;
    visit({ path: [], definition: 0, repetition: 0 });
    columns.push(topLevelColumn(elements.slice(elementStart, next), leaves, leafStart));
  }
  if (next !== elements.length) throw new RangeError(`the schema must have ${next} elements, got ${elements.length}`);
  if (leaves.length === 0) throw new RangeError('the schema must have a column');
  return { root, columns, leaves };
}

interface LevelledPath {
  path: string[];
  definition: number;
  repetition: number;
}

function levelsOf(element: ThriftStruct, { path, definition, repetition }: LevelledPath): LevelledPath {
  const kind = repetitionOf(element);
  return {
    path: [...path, nameOf(element)],
    definition: definition + (kind === 'REQUIRED' ? 0 : 1),
    repetition: repetition + (kind === 'REPEATED' ? 1 : 0),
  };
}

function leafOf(element: ThriftStruct, { path, definition, repetition }: LevelledPath): LeafColumn {
  const code = numberOf(fieldOf(element, SCHEMA.type)) ?? -1;
  const physicalType = PHYSICAL_TYPES[code];
  if (!physicalType) throw new RangeError(`column ${path.join('.')} must have a type of 0..7, got ${code}`);
  const isFixed = physicalType === 'FIXED_LEN_BYTE_ARRAY';
  return {
    path,
    physicalType,
    // writers may leave a length at other types, where it means nothing
    typeLength: isFixed ? countOf(fieldOf(element, SCHEMA.typeLength), `type_length of ${path.join('.')}`) : 0,
    maxDefinitionLevel: definition,
    maxRepetitionLevel: repetition,
  };
}

function topLevelColumn(schemaElements: ThriftStruct[], leaves: LeafColumn[], leafStart: number): TopLevelColumn {
  const [element] = schemaElements;
  const repetition = repetitionOf(element);
  const isLeaf = fieldOf(element, SCHEMA.type) !== undefined;
  const logicalType = logicalTypeOf(element);
  const names = leafTypeNames(schemaElements, leaves.slice(leafStart));
  const name = isLeaf ? names[0] : `${logicalType ?? 'STRUCT'}<${names.join(', ')}>`;
  return {
    name: nameOf(element),
    repetition,
    leafStart,
    leafEnd: leaves.length,
    typeName: repetition === 'REPEATED' ? `repeated ${name}` : name,
    logicalType,
    numeric: isLeaf && repetition !== 'REPEATED' ? numericTypeOf(leaves[leafStart], logicalType) : null,
    schemaElements,
  };
}

function leafTypeNames(elements: ThriftStruct[], leaves: LeafColumn[]): string[] {
  const leafElements = elements.filter((element) => fieldOf(element, SCHEMA.type) !== undefined);
  return leafElements.map((element, i) => leafTypeName(leaves[i], logicalTypeOf(element)));
}

function repetitionOf(element: ThriftStruct): (typeof REPETITION)[number] {
  const code = numberOf(fieldOf(element, SCHEMA.repetition)) ?? 0;
  if (!REPETITION[code]) throw new RangeError(`column ${nameOf(element)} must have a repetition of 0..2, got ${code}`);
  return REPETITION[code];
}

const nameOf = (element: ThriftStruct) => textOf(fieldOf(element, SCHEMA.name), 'the name of a column');

const childrenOf = (element: ThriftStruct) => numberOf(fieldOf(element, SCHEMA.children)) ?? 0;

import type { LeafColumn, ParquetFooter, TopLevelColumn } from './footer-types.ts';
import { logicalTypeOf } from './logical-type.ts';
import { fieldOf } from './thrift.ts';
import { numberOf, textOf } from './thrift-values.ts';

/** An element of a schema with what is below it. */
export interface SchemaNode {
  name: string;
  isRepeated: boolean;
  /** see {@link logicalTypeOf} */
  logicalType: string | null;
  /** set where the element is a leaf: what its chunks hold */
  leaf: LeafColumn | undefined;
  children: SchemaNode[];
}

/** SchemaElement: 1 type (of leaves alone), 3 repetition_type, 4 name, 5 num_children */
const SCHEMA = { type: 1, repetition: 3, name: 4, children: 5 };
const REPEATED = 2;

/** A top-level column as a tree; nested columns are lists of elements in the file, depth first. */
export function schemaTree({ schemaElements, leafStart }: TopLevelColumn, { leaves }: ParquetFooter): SchemaNode {
  let next = 0;
  let leaf = leafStart;
  const visit = (): SchemaNode => {
    const element = schemaElements[next++];
    const count = numberOf(fieldOf(element, SCHEMA.children)) ?? 0;
    const isGroup = fieldOf(element, SCHEMA.type) === undefined;
    return {
      name: textOf(fieldOf(element, SCHEMA.name), 'the name of a column'),
      isRepeated: numberOf(fieldOf(element, SCHEMA.repetition)) === REPEATED,
      logicalType: logicalTypeOf(element),
      leaf: isGroup ? undefined : leaves[leaf++],
      children: Array.from({ length: isGroup ? count : 0 }, visit),
    };
  };
  return visit();
}

import * as z from 'zod';
import type { CatalogColumn } from './catalog.ts';
import { runRecordSchema } from './run-record.ts';

/** In the record, for whoever looks for a column in vain; of no use in SQL. */
const NOT_A_COLUMN = new Set(['omitted_columns']);

/** Columns of the `runs` table: the fields of the run record with the types that hold them. */
export function runRecordColumns(): CatalogColumn[] {
  const { properties = {} } = z.toJSONSchema(runRecordSchema) as JsonSchema;
  return Object.entries(properties)
    .filter(([name]) => !NOT_A_COLUMN.has(name))
    .map(([name, schema]) => ({ Name: name, Type: hiveTypeOf(schema) }));
}

/** What is used of JSON Schema. */
interface JsonSchema {
  type?: string | string[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
}

const SIMPLE: Record<string, string> = { string: 'string', integer: 'bigint', number: 'double', boolean: 'boolean' };

function hiveTypeOf({ type, items, properties }: JsonSchema): string {
  if (items) return `array<${hiveTypeOf(items)}>`;
  if (properties) {
    return `struct<${Object.entries(properties).map(([name, field]) => `${name}:${hiveTypeOf(field)}`)}>`;
  }
  // every column of a table may be null
  const kind = [type].flat().find((option) => option !== 'null') ?? '';
  if (kind in SIMPLE) return SIMPLE[kind];
  throw new RangeError(`a field of the run record must have a type that SQL has, got ${type}`);
}

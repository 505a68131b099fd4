import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { renderNumber, renderValue, requireNames } from './render-value.ts';

/**
 * A value as JSON text. Integers and decimals of any size are numbers with all their digits, as in DuckDB's own JSON;
 * what JSON has no word for (nan, timestamps, blobs) is a string of what the table shows.
 */
export function jsonOf(value: DuckDBValue, type: DuckDBType): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? renderNumber(value, type.typeId) : `"${renderNumber(value, type.typeId)}"`;
  if (value instanceof DuckDBDecimalValue) return value.toString();
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) return jsonList(value.items, type.valueType);
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType)
    return jsonList(value.items, type.valueType);
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    const { entryNames, entryTypes } = type;
    requireNames(entryNames);
    return `{${entryNames.map((name, i) => `${JSON.stringify(name)}:${jsonOf(value.entries[name], entryTypes[i])}`).join(',')}}`;
  }
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    const { keyType, valueType } = type;
    const pairs = value.entries.map(
      (entry) => `${JSON.stringify(renderValue(entry.key, keyType))}:${jsonOf(entry.value, valueType)}`,
    );
    return `{${pairs.join(',')}}`;
  }
  return JSON.stringify(renderValue(value, type));
}

const jsonList = (items: readonly DuckDBValue[], type: DuckDBType) =>
  `[${items.map((item) => jsonOf(item, type)).join(',')}]`;

import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBDateValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  DuckDBUnionType,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { ConfigurationError } from '../shared/contract/errors.ts';

/** How DuckDB stores DATE 'infinity'; the client library takes it for a day. */
const INFINITE_DAYS = 0x7fffffff;

/** The text that DuckDB's own cast to VARCHAR gives; `NULL` for null. */
export function renderValue(value: DuckDBValue, type: DuckDBType): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return renderNumber(value, type.typeId);
  if (value instanceof DuckDBDateValue && Math.abs(value.days) === INFINITE_DAYS)
    return value.days > 0 ? 'infinity' : '-infinity';
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType) return listText(value.items, type.valueType);
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType)
    return listText(value.items, type.valueType);
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) return structText(value, type);
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    const pairs = value.entries.map(
      (entry) => `${element(entry.key, type.keyType)}=${element(entry.value, type.valueType)}`,
    );
    return `{${pairs.join(', ')}}`;
  }
  if (value instanceof DuckDBUnionValue && type instanceof DuckDBUnionType) {
    return renderValue(value.value, type.memberTypeForTag(value.tag));
  }
  return String(value);
}

/** Fewest digits that give the number back in its own type; an exponent below 1e-4 and from 1e16. */
export function renderNumber(value: number, typeId: DuckDBTypeId): string {
  if (typeId !== DuckDBTypeId.FLOAT && typeId !== DuckDBTypeId.DOUBLE) return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const shortest = typeId === DuckDBTypeId.FLOAT ? shortestFloat(value) : value;
  const sign = Object.is(value, -0) || value < 0 ? '-' : '';
  const [mantissa, exponentText] = Math.abs(shortest).toExponential().split('e');
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const padded = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${padded}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function shortestFloat(value: number): number {
  for (let precision = 1; precision < 9; precision++) {
    const candidate = Number(value.toPrecision(precision));
    if (Math.fround(candidate) === value) return candidate;
  }
  return Number(value.toPrecision(9));
}

const listText = (items: readonly DuckDBValue[], type: DuckDBType) =>
  `[${items.map((item) => element(item, type)).join(', ')}]`;

function structText({ entries }: DuckDBStructValue, { entryNames, entryTypes }: DuckDBStructType): string {
  requireNames(entryNames);
  const fields = entryNames.map((name, i) => `${quote(name)}: ${element(entries[name], entryTypes[i])}`);
  return `{${fields.join(', ')}}`;
}

/** The fields of `row(...)` have no names, and the client library keeps only the last of those. */
export function requireNames(entryNames: readonly string[]): void {
  if (!entryNames.includes('')) return;
  throw new ConfigurationError(
    "SQL: the fields of a struct must have names to be shown; write {'a': ...} for row(...)",
  );
}

/** A value inside another one: quoted where it could be mistaken for something else. */
function element(value: DuckDBValue, type: DuckDBType): string {
  const text = renderValue(value, type);
  const isNested =
    value instanceof DuckDBListValue ||
    value instanceof DuckDBArrayValue ||
    value instanceof DuckDBStructValue ||
    value instanceof DuckDBMapValue;
  if (value === null || isNested) return text;
  const isAmbiguous = text === '' || /^null$/i.test(text) || /^\s|\s$|["'(),:=[\]{}]/.test(text);
  return isAmbiguous ? quote(text) : text;
}

const quote = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;

import { DuckDBBlobValue, DuckDBTypeId } from '@duckdb/node-api';
import { renderNumber } from '../render-value.ts';

const NUMBER_OR_NULL = /^(-?(0|[1-9]\d*)(\.\d+)?(E-?\d+)?|null)$/;

/**
 * The text of a value for a table or CSV: as a run on this machine shows it. What is nested is Athena's own text.
 *
 * @param text as Athena's answers have it
 * @param type its type's name there, without parameters
 */
export function textOfAthena(text: string, type = ''): string {
  switch (type) {
    case 'double':
      return renderNumber(Number(text), DuckDBTypeId.DOUBLE);
    case 'float':
    case 'real':
      return renderNumber(Math.fround(Number(text)), DuckDBTypeId.FLOAT);
    case 'timestamp':
      return withoutZeros(text);
    case 'timestamp with time zone':
      return text.replace(/^(.*) UTC$/, (_, time: string) => `${withoutZeros(time)}+00`);
    case 'varbinary':
      return String(new DuckDBBlobValue(Buffer.from(text.replaceAll(' ', ''), 'hex')));
    case 'array':
      return isOfNumbers(text) ? text.replaceAll('null', 'NULL') : text;
    default:
      return text;
  }
}

/**
 * A value as JSON text: numbers with all their digits, booleans and lists of numbers are themselves; what else there is
 * is a string of what the table shows.
 */
export function jsonOfAthena(text: string, type = ''): string {
  if (type === 'array' && isOfNumbers(text)) return text.replaceAll(' ', '');
  const shown = textOfAthena(text, type);
  const isNumber = /^(tinyint|smallint|int|integer|bigint|real|float|double|decimal)$/.test(type);
  const isLiteral = isNumber ? /^-?\d+(\.\d+)?(e[-+]?\d+)?$/.test(shown) : type === 'boolean';
  return isLiteral ? shown : JSON.stringify(shown);
}

const withoutZeros = (time: string) => time.replace(/(\.\d*?)0+$/, (_, kept: string) => (kept === '.' ? '' : kept));

/** Whether a list holds nothing but numbers and nulls: as Java prints it, it is JSON. */
const isOfNumbers = (list: string) =>
  list === '[]' ||
  list
    .slice(1, -1)
    .split(', ')
    .every((item) => NUMBER_OR_NULL.test(item));

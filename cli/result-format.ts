import type { DuckDBResult, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { jsonOf } from './json-value.ts';
import { renderValue } from './render-value.ts';
import { formatTable } from './table-output.ts';

export type ResultFormat = 'table' | 'csv' | 'json';

interface FormatOptions {
  format: ResultFormat;
  /** rows at most; all of them where undefined */
  limit?: number;
  /** told when there were more rows than `limit` */
  onCut?: (limit: number) => void;
}

/** The text of a result, piece by piece; a table needs all its rows to know how wide its columns are. */
export async function* formatResult(result: DuckDBResult, options: FormatOptions): AsyncGenerator<string> {
  const types = result.columnTypes();
  const rows = firstRows(result, options);
  if (options.format === 'table') yield* tableText(result.columnNames(), types, rows);
  else if (options.format === 'csv') yield* csvText(result.columnNames(), types, rows);
  else yield* jsonText(result.deduplicatedColumnNames(), types, rows);
}

type Rows = AsyncIterable<DuckDBValue[][]>;

async function* firstRows(result: DuckDBResult, { limit = Number.POSITIVE_INFINITY, onCut }: FormatOptions): Rows {
  let left = limit;
  for await (const rows of result.yieldRows()) {
    if (rows.length > left) {
      yield rows.slice(0, left);
      onCut?.(limit);
      return;
    }
    left -= rows.length;
    yield rows;
  }
}

async function* tableText(names: readonly string[], types: readonly DuckDBType[], rows: Rows): AsyncGenerator<string> {
  const cells: string[][] = [];
  for await (const some of rows) {
    for (const row of some) cells.push(row.map((value, i) => renderValue(value, types[i])));
  }
  yield `${formatTable(names, cells)}\n`;
}

/** RFC 4180, with the line ends of Unix; null is nothing, an empty text is `""`. */
async function* csvText(names: readonly string[], types: readonly DuckDBType[], rows: Rows): AsyncGenerator<string> {
  yield `${names.map(csvField).join(',')}\n`;
  for await (const some of rows) {
    const lines = some.map((row) =>
      row.map((value, i) => (value === null ? '' : csvField(renderValue(value, types[i])))).join(','),
    );
    yield lines.map((line) => `${line}\n`).join('');
  }
}

/** One array, one object a line. */
async function* jsonText(names: readonly string[], types: readonly DuckDBType[], rows: Rows): AsyncGenerator<string> {
  const keys = names.map((name) => JSON.stringify(name));
  let separator = '[';
  for await (const some of rows) {
    const objects = some.map((row) => `{${row.map((value, i) => `${keys[i]}:${jsonOf(value, types[i])}`).join(',')}}`);
    if (objects.length === 0) continue;
    yield `${separator}${objects.join(',\n')}`;
    separator = ',\n';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}

const csvField = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

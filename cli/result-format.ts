import { formatTable } from './table-output.ts';

export type ResultFormat = 'table' | 'csv' | 'json';

export interface FormatOptions {
  format: ResultFormat;
  /** rows at most; all of them where undefined */
  limit?: number;
  /** told when there were more rows than `limit` */
  onCut?: (limit: number) => void;
}

/** What an engine answers to a query. */
export interface Answer<Value> {
  names: readonly string[];
  /** the names made different from each other */
  keys: readonly string[];
  /** null is null; what else a value is, the engine knows */
  pages: AsyncIterable<(Value | null)[][]>;
  /** the text of a value for a table or CSV */
  text(value: Value, column: number): string;
  /** the same as JSON */
  json(value: Value, column: number): string;
}

/** The text of a result, piece by piece; a table needs all its rows to know how wide its columns are. */
export async function* formatResult<Value>(answer: Answer<Value>, options: FormatOptions): AsyncGenerator<string> {
  const rows = firstRows(answer.pages, options);
  if (options.format === 'table') yield* tableText(answer, rows);
  else if (options.format === 'csv') yield* csvText(answer, rows);
  else yield* jsonText(answer, rows);
}

type Pages<Value> = Answer<Value>['pages'];

async function* firstRows<Value>(
  pages: Pages<Value>,
  { limit = Number.POSITIVE_INFINITY, onCut }: FormatOptions,
): Pages<Value> {
  let left = limit;
  for await (const rows of pages) {
    if (rows.length > left) {
      yield rows.slice(0, left);
      onCut?.(limit);
      return;
    }
    left -= rows.length;
    yield rows;
  }
}

async function* tableText<Value>({ names, text }: Answer<Value>, rows: Pages<Value>): AsyncGenerator<string> {
  const cells: string[][] = [];
  for await (const some of rows) {
    for (const row of some) cells.push(row.map((value, i) => (value === null ? 'NULL' : text(value, i))));
  }
  yield `${formatTable(names, cells)}\n`;
}

/** RFC 4180, with the line ends of Unix; null is nothing, an empty text is `""`. */
async function* csvText<Value>({ names, text }: Answer<Value>, rows: Pages<Value>): AsyncGenerator<string> {
  yield `${names.map(csvField).join(',')}\n`;
  for await (const some of rows) {
    const lines = some.map((row) => row.map((value, i) => (value === null ? '' : csvField(text(value, i)))).join(','));
    yield lines.map((line) => `${line}\n`).join('');
  }
}

/** One array, one object a line. */
async function* jsonText<Value>({ keys: names, json }: Answer<Value>, rows: Pages<Value>): AsyncGenerator<string> {
  const keys = names.map((name) => JSON.stringify(name));
  let separator = '[';
  for await (const some of rows) {
    const objects = some.map(
      (row) => `{${row.map((value, i) => `${keys[i]}:${value === null ? 'null' : json(value, i)}`).join(',')}}`,
    );
    if (objects.length === 0) continue;
    yield `${separator}${objects.join(',\n')}`;
    separator = ',\n';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}

const csvField = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

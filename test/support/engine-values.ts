/**
 * How to ask Trino and DuckDB for a column so that equal values are equal answers: integers, decimals and times as
 * text, bytes in hex, nested values as JSON.
 */
export function sameQuestion(name: string, hiveType: string): { trino: string; duckdb: string } {
  const column = quoted(name);
  const [kind] = hiveType.split(/[<(]/);
  switch (kind) {
    case 'float':
    case 'double':
      return { trino: `cast(${column} as double)`, duckdb: `${column}::double` };
    case 'boolean':
    case 'string':
      return { trino: column, duckdb: column };
    case 'timestamp':
      // a timestamp with time zone is cast as what it is in UTC; Athena has milliseconds, rounded
      return {
        trino: `date_format(${column}, '%Y-%m-%d %H:%i:%s.%f')`,
        duckdb: `strftime(date_trunc('millisecond', ${column}::timestamp + interval 500 microsecond), '%Y-%m-%d %H:%M:%S.%f')`,
      };
    case 'binary':
      return { trino: `to_hex(${column})`, duckdb: `hex(${column}::blob)` };
    case 'array':
    case 'map':
    case 'struct':
      return { trino: `json_format(cast(${column} as json))`, duckdb: `to_json(${column})::varchar` };
    default:
      return { trino: `cast(${column} as varchar)`, duckdb: `${column}::varchar` };
  }
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** An answer of either engine: nested values parsed, numbers that JSON does not have as text, counts as numbers. */
export function sameAnswer(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' && /^[[{]/.test(value)) return JSON.parse(value);
  return value;
}

// How many bits does a fit to merged summaries lose to a fit to the rows?
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { drawn } from '../test/support/random.ts';
import { bitsLost } from './bits-lost.ts';
import { SUMMARY_COLUMNS } from './summary-columns.ts';

const SEED = 7;
const FLIGHTS = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));

export async function benchSummaries(): Promise<void> {
  process.stdout.write(
    '| column | rows | bits, fit to rows | lost | lost from the same start | kB of a seventh |\n|---|---|---|---|---|---|\n',
  );
  for (const { name, rows, decimals, draw } of SUMMARY_COLUMNS) report(name, drawn(rows, SEED, draw), decimals);
  for (const column of ['delay', 'distance']) report(`flights ${column}`, await flights(column), 0);
}

function report(name: string, values: Float64Array, decimals: number | null): void {
  const { bits, lost, lostFromSameStart, bytes } = bitsLost(values, decimals);
  const cells = [
    name,
    values.length.toLocaleString('en'),
    bits.toFixed(4),
    lost.toFixed(4),
    lostFromSameStart.toFixed(4),
    (bytes / 1000).toFixed(0),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

async function flights(column: string): Promise<Float64Array> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll(`select ${column}::double from read_parquet('${FLIGHTS}')`);
  connection.closeSync();
  return Float64Array.from(reader.getColumns()[0] as number[]);
}

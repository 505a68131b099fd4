import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WeightedBins } from '../../../shared/numeric/weighted-bins.ts';
import { sql } from '../../support/duckdb.ts';

/** A column as scikit-learn fitted it; components in its own order, that of the sticks. */
export interface GoldenColumn {
  name: string;
  rows: number;
  distinct: number;
  sum: number;
  maxComponents: number;
  /** [last value, label] of each run of equal labels, ascending */
  labels: [number, number][];
  weights: number[];
  means: number[];
  covariances: number[];
  iterations: number;
  converged: boolean;
  lowerBound: number;
  /** mean log-likelihood of fits from five seeds, the first of them this one */
  scores: number[];
  /** [value, responsibilities] */
  probes: [number, number[]][];
}

interface Golden {
  /** [x, digamma, ln Gamma] */
  special: [number, number, number][];
  flightsEvery: number;
  columns: GoldenColumn[];
}

export const golden: Golden = JSON.parse(readFileSync(new URL('./sklearn.json', import.meta.url), 'utf8'));

/** The rows of a golden column, made anew by what every language rounds alike. */
export async function goldenRows({ name, rows }: GoldenColumn): Promise<Float64Array> {
  if (name.startsWith('flights ')) return flightsRows(name.slice('flights '.length));
  return Float64Array.from({ length: rows }, (_, i) => makers[name](i));
}

/** Ascending distinct values, each a bin. */
export function binsOf(rows: Float64Array): WeightedBins {
  const counts = new Map<number, number>();
  for (const x of rows) counts.set(x, (counts.get(x) ?? 0) + 1);
  const mean = Float64Array.from(counts.keys()).sort();
  const count = mean.map((x) => counts.get(x)!);
  const variance = new Float64Array(mean.length);
  return { count, mean, variance, lower: mean, upper: mean, exact: new Uint8Array(mean.length).fill(1) };
}

/** The label of each bin, from the runs of the golden file. */
export function labelsOf({ labels }: GoldenColumn, { mean }: WeightedBins): Int32Array {
  return Int32Array.from(mean, (x) => labels.find(([last]) => x <= last)![1]);
}

const flights = fileURLToPath(new URL('../../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));

async function flightsRows(column: string): Promise<Float64Array> {
  const rows = await sql(
    `select ${column}::double as x from read_parquet('${flights}', file_row_number = true)
     where file_row_number % ${golden.flightsEvery} = 0 order by file_row_number`,
  );
  return Float64Array.from(rows, ({ x }) => x as number);
}

function uniform(i: number, stream: number): number {
  let h = (i + Math.imul(stream, 0x9e3779b9)) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0xd35a2d97);
  h ^= h >>> 15;
  return ((h >>> 0) + 0.5) / 2 ** 32;
}

/** Nearly normal: the sum of twelve uniform numbers, which needs no transcendental function. */
function bell(i: number, stream: number): number {
  let total = 0;
  for (let part = 0; part < 12; part++) total += uniform(i, stream * 16 + part);
  return total - 6;
}

function threeModes(i: number): number {
  const [pick, g] = [uniform(i, 1), bell(i, 2)];
  return pick < 0.5 ? g : pick < 0.85 ? 8 + 2 * g : -30 + 0.25 * g;
}

const makers: Record<string, (i: number) => number> = {
  'three modes': threeModes,
  'three modes, 3 components': threeModes,
  'one component': threeModes,
  'as many rows as components': threeModes,
  'bell curve': (i) => 100 + 15 * bell(i, 3),
  ages: (i) => Math.floor(uniform(i, 4) < 0.6 ? 28 + 6 * bell(i, 5) : 55 + 11 * bell(i, 6)),
  money: (i) => Math.floor(100 * (3 / (uniform(i, 7) + 0.002))) / 100,
  'mostly zero': (i) => (uniform(i, 8) < 0.95 ? 0 : 500 + 120 * bell(i, 9)),
  'five values': (i) => Math.floor(5 * uniform(i, 10) * uniform(i, 11)),
  tiny: (i) => (uniform(i, 12) < 0.5 ? 1e-3 * bell(i, 13) : 0.02 + 1e-4 * bell(i, 14)),
  sentinel: (i) => (uniform(i, 15) < 0.004 ? 99_999 : Math.floor(50 + 10 * bell(i, 16))),
};

import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';

/** Cells of one width, whatever they hold, as summaries keep them. */
export function inCells(values: Float64Array, width: number): WeightedBins {
  const cells = new Map<number, number[]>();
  for (const x of values) {
    const cell = Math.floor(x / width);
    if (!cells.get(cell)?.push(x)) cells.set(cell, [x]);
  }
  const keys = [...cells.keys()].sort((a, b) => a - b);
  const parts = keys.map((key) => momentsOfRows(cells.get(key)!));
  return {
    count: Float64Array.from(parts, ({ count }) => count),
    mean: Float64Array.from(parts, ({ mean }) => mean),
    variance: Float64Array.from(parts, ({ variance }) => variance),
    lower: Float64Array.from(keys, (key) => key * width),
    upper: Float64Array.from(keys, (key) => (key + 1) * width),
    exact: new Uint8Array(keys.length),
  };
}

function momentsOfRows(rows: number[]) {
  const mean = rows.reduce((a, b) => a + b) / rows.length;
  return { count: rows.length, mean, variance: rows.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows.length };
}

import { CompensatedSum } from '../numeric/compensated-sum.ts';
import type { ErrorFigures } from './error-metrics.ts';

/** What merging keeps of the partitions' figures. */
export type MergedFigures = Omit<ErrorFigures, 'mean' | 'standardDeviation' | 'componentCounts'> & {
  bitsPerValue: number | null;
};

/**
 * The figures of all rows, from those of the partitions in partition order: means weighted by finite rows, counts
 * added, extremes compared. However the partitions were grouped on their way here, the result is the same.
 */
export function mergeErrorMetrics(
  partitions: readonly (ErrorFigures & { bitsPerValue: number | null })[],
): MergedFigures {
  const finite = (row: ErrorFigures) => row.rows - row.nulls - row.nonFinite;
  const total = sumOf(partitions, finite);
  const weighted = (value: (row: ErrorFigures & { bitsPerValue: number | null }) => number | null) => {
    const sum = sumOf(partitions, (row) => (finite(row) > 0 ? (value(row) ?? Number.NaN) * finite(row) : 0));
    return total > 0 && Number.isFinite(sum) ? sum / total : null;
  };
  const squared = weighted(({ rootMeanSquareError }) => rootMeanSquareError && rootMeanSquareError ** 2);
  return {
    rows: sumOf(partitions, ({ rows }) => rows),
    nulls: sumOf(partitions, ({ nulls }) => nulls),
    nonFinite: sumOf(partitions, ({ nonFinite }) => nonFinite),
    inexact: sumOf(partitions, ({ inexact }) => inexact),
    meanAbsoluteError: weighted(({ meanAbsoluteError }) => meanAbsoluteError),
    rootMeanSquareError: squared === null ? null : Math.sqrt(squared),
    // one that overflowed is larger than any other
    maxAbsoluteError: partitions.some((row) => finite(row) > 0 && row.maxAbsoluteError === null)
      ? null
      : extreme(partitions, ({ maxAbsoluteError }) => maxAbsoluteError, Math.max),
    clipped: sumOf(partitions, ({ clipped }) => clipped),
    lowMass: sumOf(partitions, ({ lowMass }) => lowMass),
    minimum: extreme(partitions, ({ minimum }) => minimum, Math.min),
    maximum: extreme(partitions, ({ maximum }) => maximum, Math.max),
    bitsPerValue: weighted(({ bitsPerValue }) => bitsPerValue),
  };
}

function sumOf<T>(rows: readonly T[], value: (row: T) => number): number {
  const sum = new CompensatedSum();
  for (const row of rows) sum.add(value(row));
  return sum.value;
}

function extreme<T>(
  rows: readonly T[],
  value: (row: T) => number | null,
  pick: (a: number, b: number) => number,
): number | null {
  return rows.map(value).reduce((best, next) => (best === null ? next : next === null ? best : pick(best, next)), null);
}

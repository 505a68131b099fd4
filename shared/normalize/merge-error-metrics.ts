import { CompensatedSum } from '../numeric/compensated-sum.ts';
import { binaryExponent, powerOfTwo } from '../numeric/power-of-two.ts';
import { ScaledSum } from '../numeric/scaled-sum.ts';
import type { ErrorFigures } from './error-metrics.ts';

/** What merging keeps of the partitions' figures. */
export type MergedFigures = Omit<ErrorFigures, 'mean' | 'standardDeviation' | 'componentCounts'> & {
  bitsPerValue: number | null;
};

type PartitionFigures = ErrorFigures & { bitsPerValue: number | null };

/**
 * The figures of all rows, from those of the partitions in partition order: means weighted by finite rows, counts
 * added, extremes compared. However the partitions were grouped on their way here, the result is the same.
 */
export function mergeErrorMetrics(partitions: readonly PartitionFigures[]): MergedFigures {
  const withValues = partitions.filter((row) => finiteRows(row) > 0);
  const total = sumOf(withValues, finiteRows);
  const mean = (value: (row: PartitionFigures) => number | null) => {
    const sum = new ScaledSum();
    for (const row of withValues) addRows(sum, row, value(row) ?? 0, 1);
    return total > 0 ? sum.mean(total) : null;
  };
  const rootMeanSquare = () => {
    const sum = new ScaledSum();
    for (const row of withValues) addRows(sum, row, row.rootMeanSquareError ?? 0, 2);
    return total > 0 ? sum.rootOfMean(total) : null;
  };
  return {
    rows: sumOf(partitions, ({ rows }) => rows),
    nulls: sumOf(partitions, ({ nulls }) => nulls),
    nonFinite: sumOf(partitions, ({ nonFinite }) => nonFinite),
    inexact: sumOf(partitions, ({ inexact }) => inexact),
    meanAbsoluteError: mean(({ meanAbsoluteError }) => meanAbsoluteError),
    rootMeanSquareError: rootMeanSquare(),
    maxAbsoluteError: extreme(partitions, ({ maxAbsoluteError }) => maxAbsoluteError, Math.max),
    clipped: sumOf(partitions, ({ clipped }) => clipped),
    lowMass: sumOf(partitions, ({ lowMass }) => lowMass),
    minimum: extreme(partitions, ({ minimum }) => minimum, Math.min),
    maximum: extreme(partitions, ({ maximum }) => maximum, Math.max),
    bitsPerValue: mean(({ bitsPerValue }) => bitsPerValue),
  };
}

const finiteRows = ({ rows, nulls, nonFinite }: ErrorFigures) => rows - nulls - nonFinite;

/** Add a partition's figure, or its square, once for each of its finite rows. */
function addRows(sum: ScaledSum, row: ErrorFigures, figure: number, power: 1 | 2): void {
  const exponent = binaryExponent(Math.abs(figure));
  const inUnit = figure * powerOfTwo(-exponent);
  sum.add((power === 1 ? inUnit : inUnit * inUnit) * finiteRows(row), power * exponent);
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

import type { Component, Model } from '../../shared/contract/model.ts';
import { COLUMN_METRICS, type ColumnMetricName, WORST_COLUMNS } from '../../shared/contract/observed.ts';
import type { RunColumn, RunRecord } from '../../shared/contract/run-record.ts';

/** What was lost in a column, each from 0, which is nothing. */
export interface ColumnFigures {
  column: string;
  figures: Record<ColumnMetricName, number>;
}

/**
 * The columns of a run in which most was lost, the worst one first: by the largest of their figures.
 *
 * @param model the run's, for the scale of each column; columns without a finite value are left out
 */
export function worstColumns({ rows, columns }: RunRecord, model: Model): ColumnFigures[] {
  const scales = new Map(model.columns.map(({ name, components }) => [name, scaleOf(components)]));
  return columns
    .filter(({ nulls, non_finite }) => rows > nulls + non_finite)
    .map((column) => figuresOf(column, rows, scales.get(column.name) ?? 1))
    .sort((a, b) => worst(b) - worst(a))
    .slice(0, WORST_COLUMNS);
}

function figuresOf(column: RunColumn, rows: number, scale: number): ColumnFigures {
  const finite = rows - column.nulls - column.non_finite;
  return {
    column: column.name,
    figures: {
      [COLUMN_METRICS.relativeError]: (column.root_mean_square_error ?? 0) / scale,
      [COLUMN_METRICS.lowMassShare]: column.low_mass / finite,
      [COLUMN_METRICS.clippedShare]: column.clipped / finite,
    },
  };
}

const worst = ({ figures }: ColumnFigures) => Math.max(...Object.values(figures));

/** Standard deviation of a mixture; where it has none (a single atom), the size of its value. */
function scaleOf(components: readonly Component[]): number {
  const kept = components.filter(({ weight, pruned }) => weight > 0 && !pruned);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  const mean = kept.reduce((sum, component) => sum + (component.weight / total) * component.mean, 0);
  const variance = kept.reduce(
    (sum, { weight, mean: own, standardDeviation }) =>
      sum + (weight / total) * (standardDeviation ** 2 + (own - mean) ** 2),
    0,
  );
  return Math.sqrt(variance) || Math.abs(mean) || 1;
}

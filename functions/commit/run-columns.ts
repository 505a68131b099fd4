import type { MetricsRow } from '../../shared/contract/metrics.ts';
import type { ColumnModel, Model } from '../../shared/contract/model.ts';
import type { RunColumn } from '../../shared/contract/run-record.ts';
import { mergeErrorMetrics } from '../../shared/normalize/merge-error-metrics.ts';

/** The run record's figures, a column each: the partitions' merged in partition order. */
export function runColumnsOf(model: Model, metrics: readonly MetricsRow[]): RunColumn[] {
  const byColumn = groupByColumn(metrics);
  return model.columns.map(({ name, components }) => {
    const merged = mergeErrorMetrics(byColumn.get(name) ?? []);
    return {
      name,
      components: components.filter(({ pruned }) => !pruned).length,
      mean_absolute_error: merged.meanAbsoluteError,
      root_mean_square_error: merged.rootMeanSquareError,
      max_absolute_error: merged.maxAbsoluteError,
      clipped: merged.clipped,
      low_mass: merged.lowMass,
      nulls: merged.nulls,
      non_finite: merged.nonFinite,
      bits_per_value: merged.bitsPerValue,
    };
  });
}

/** The model as it is committed: rows, nulls, minimum and maximum of all rows in place of the sample's. */
export function modelOfAllRows(model: Model, metrics: readonly MetricsRow[]): Model {
  const byColumn = groupByColumn(metrics);
  const columns = model.columns.map((column): ColumnModel => {
    const { rows, nulls, nonFinite, minimum, maximum } = mergeErrorMetrics(byColumn.get(column.name) ?? []);
    return { ...column, rows, nulls, nonFinite, min: minimum, max: maximum };
  });
  return { ...model, columns };
}

function groupByColumn(metrics: readonly MetricsRow[]): Map<string, MetricsRow[]> {
  const groups = new Map<string, MetricsRow[]>();
  for (const row of metrics) {
    const group = groups.get(row.column);
    if (group) group.push(row);
    else groups.set(row.column, [row]);
  }
  return groups;
}

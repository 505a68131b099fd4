import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { ColumnDecision, ColumnModel } from '../../shared/contract/model.ts';
import { binValues } from '../../shared/mixture/bin-rows.ts';
import { countValues } from '../../shared/mixture/exact-values.ts';
import { fitPreset } from '../../shared/mixture/fit-preset.ts';
import { resolutionOfSorted } from '../../shared/mixture/resolution.ts';
import { RowSorter } from '../../shared/mixture/row-sorter.ts';
import { decimalsOf } from '../../shared/numeric/decimals.ts';
import { medianOf } from '../../shared/numeric/quantiles.ts';
import type { NumericType } from '../../shared/parquet/footer-types.ts';
import { decideByValues } from './decide-by-values.ts';
import { precisionOf } from './precision.ts';
import type { SampledColumn } from './sampled-column.ts';

/**
 * Decide one column by its sampled values and, where it is to be normalized, fit its mixture.
 *
 * @param sorter whose memory is used again, for a caller with many columns
 */
export function fitColumn(
  sampled: SampledColumn,
  options: ColumnOptions,
  sorter = new RowSorter(),
): { decision: ColumnDecision; model: ColumnModel | undefined } {
  const { name, numeric, logicalType } = sampled.column;
  const { values } = sampled;
  const decimals = decimalsOfColumn(numeric!, values);
  const sorted = sorter.sort(values, sampled.weights);
  const resolution = resolutionOfSorted(sorted.values, decimals);
  const distinct = countValues(sorted);
  const facts = { count: values.length, distinct: distinct.mean.length, decimals };
  const decision = { name, ...decideByValues(numeric!, facts, options) };
  if (decision.action === 'pass') return { decision, model: undefined };

  const bins = binValues(distinct, resolution);
  const fit = fitPreset(options.preset, bins, { resolution, maxComponents: options.maxComponents });
  const model: ColumnModel = {
    name,
    physicalType: sampled.leaf.physicalType as ColumnModel['physicalType'],
    logicalType,
    resolution,
    centre: values.length > 0 ? medianOf(bins) : 0,
    precision: precisionOf(fit.components, decimals, resolution, options.precision),
    rows: sampled.rows,
    nulls: sampled.nulls,
    nonFinite: sampled.nonFinite,
    min: sampled.minimum,
    max: sampled.maximum,
    decimals,
    ...fit,
  };
  return { decision, model };
}

/** Digits after the point: by type where the type says, else by the values. */
function decimalsOfColumn(numeric: NumericType, values: Float64Array): number | null {
  if (numeric.kind === 'decimal') return numeric.scale;
  if (numeric.kind !== 'float') return 0;
  return values.length > 0 ? decimalsOf(values, numeric.bits) : null;
}

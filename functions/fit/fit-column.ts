import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { ColumnDecision, ColumnModel } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitPreset } from '../../shared/mixture/fit-preset.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { decimalsOf } from '../../shared/numeric/decimals.ts';
import { medianOf } from '../../shared/numeric/quantiles.ts';
import type { NumericType } from '../../shared/parquet/footer-types.ts';
import { countDistinct, decideByValues } from './decide-by-values.ts';
import { precisionOf } from './precision.ts';
import type { SampledColumn } from './sampled-column.ts';

/** Decide one column by its sampled values and, where it is to be normalized, fit its mixture. */
export function fitColumn(
  sampled: SampledColumn,
  options: ColumnOptions,
): { decision: ColumnDecision; model: ColumnModel | undefined } {
  const { name, numeric, logicalType } = sampled.column;
  const { values } = sampled;
  const decimals = decimalsOfColumn(numeric!, values);
  const facts = { count: values.length, distinct: countDistinct(values), decimals };
  const decision = { name, ...decideByValues(numeric!, facts, options) };
  if (decision.action === 'pass') return { decision, model: undefined };

  const resolution = resolutionOf(values, decimals);
  const bins = binRows(values, sampled.weights, resolution);
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

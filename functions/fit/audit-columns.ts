import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { type ColumnModel, type Model, modelSchema } from '../../shared/contract/model.ts';
import type { ColumnAudit } from '../../shared/contract/run-record.ts';
import { planHeaderSchema } from '../../shared/contract/stages.ts';
import { auditModel } from '../../shared/mixture/audit.ts';
import { fitPreset } from '../../shared/mixture/fit-preset.ts';
import { boundedDecimals } from '../../shared/numeric/decimals.ts';
import { binQuantile } from '../../shared/numeric/quantiles.ts';
import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { readMergedSummaries } from '../merged-summaries.ts';
import { readJson } from '../stage-io.ts';
import { precisionOf } from './precision.ts';

/** What looking back gives: a verdict a column, and the model to go on with. */
export interface Lookback {
  audit: ColumnAudit[];
  columns: ColumnModel[];
}

/**
 * Compare the model that pass `pass` was written with to what the merged summaries of all rows say, column by column.
 * Where the sample misled, or did not show how many decimals there are, or where `fit` is "full", the column's model is
 * the one of all rows.
 */
export async function auditColumns(
  work: ObjectStore,
  run: RunReference,
  pass: number,
  names: readonly string[],
): Promise<Lookback> {
  const model = await readJson(work, workKeys.model(run, pass), modelSchema);
  const { reduceGroups, columnGroups } = await readJson(work, workKeys.planHeader(run), planHeaderSchema);
  const isOneOfMany = columnGroups.length > 1;
  const summaries = await readMergedSummaries(work, run, { pass, reduceGroups, ...(isOneOfMany && { names }) });
  const results = model.columns
    .filter(({ name }) => summaries.has(name))
    .map((column) => auditColumn(column, model, summaries.get(column.name)!));
  return { audit: results.map(({ audit }) => audit), columns: results.map(({ column }) => column) };
}

function auditColumn(
  column: ColumnModel,
  model: Model,
  summary: ColumnSummary,
): { audit: ColumnAudit; column: ColumnModel } {
  const { name, components, resolution, decimals } = column;
  const { maxComponents, preset, precision } = columnOptionsOf(model.options, name);
  const bins = summaryBins(summary);
  const sampleRows = column.rows - column.nulls - column.nonFinite;
  const result = auditModel({ bins, components, resolution, sampleRows, maxComponents, preset });
  const allDecimals = decimalsOfAll(column, summary);
  const misled = result.misled || allDecimals !== decimals;
  const audit: ColumnAudit = {
    name,
    gain: result.gain,
    gain_limit: result.limit,
    low_mass: result.lowMassRows,
    low_mass_limit: result.lowMassLimit,
    unseen: result.unseenRows,
    misled,
  };
  if (!misled && model.options.fit !== 'full') return { audit, column };
  const ownStep = allDecimals === decimals ? resolution : resolutionOfAll(bins, allDecimals, resolution);
  const refit =
    ownStep === resolution ? result.refit() : fitPreset(preset, bins, { resolution: ownStep, maxComponents });
  const better = {
    ...column,
    ...refit,
    decimals: allDecimals,
    resolution: ownStep,
    precision: precisionOf(refit.components, allDecimals, ownStep, precision),
  };
  return { audit, column: better };
}

/** Only floating point values say how many digits they have; of the others the type does. */
function decimalsOfAll({ physicalType, decimals }: ColumnModel, summary: ColumnSummary): number | null {
  if (physicalType !== 'FLOAT' && physicalType !== 'DOUBLE') return decimals;
  if (summary.minimum > summary.maximum) return decimals;
  const largest = Math.max(Math.abs(summary.minimum), Math.abs(summary.maximum));
  return boundedDecimals(summary.decimals, largest, physicalType === 'FLOAT' ? 32 : 64);
}

/** As the sample's, but of all rows: by their decimals, else 2^-20 of their interquartile range. */
function resolutionOfAll(bins: WeightedBins, decimals: number | null, resolution: number): number {
  if (decimals !== null) return Number(`1e-${decimals}`);
  const range = binQuantile(bins, 0.75) - binQuantile(bins, 0.25);
  return range > 0 && Number.isFinite(range) ? range * 2 ** -20 : resolution;
}

import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { modelSchema } from '../../shared/contract/model.ts';
import type { ColumnAudit } from '../../shared/contract/run-record.ts';
import { planHeaderSchema } from '../../shared/contract/stages.ts';
import { auditModel } from '../../shared/mixture/audit.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { mergeSummaries } from '../../shared/summary/merge-summaries.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { decodeSummaries } from '../../shared/summary/summary-file.ts';
import { readJson, readWritten } from '../stage-io.ts';

/** Compare the model that pass `pass` was written with to what the merged summaries of all rows say, column by column. */
export async function auditColumns(
  work: ObjectStore,
  run: RunReference,
  pass: number,
  names: readonly string[],
): Promise<ColumnAudit[]> {
  const model = await readJson(work, workKeys.model(run, pass), modelSchema);
  const { reduceGroups } = await readJson(work, workKeys.planHeader(run), planHeaderSchema);
  const wanted = model.columns.filter(({ name }) => names.includes(name));
  const summaries = new Map<string, ColumnSummary>();
  for (let group = 0; group < reduceGroups; group++) {
    const bytes = await readWritten(work, workKeys.reducedSummary(run, pass, group));
    for (const { name, summary } of decodeSummaries(bytes, names)) {
      const merged = summaries.get(name);
      summaries.set(name, merged ? mergeSummaries(merged, summary) : summary);
    }
  }
  return wanted.map(({ name, components, resolution, rows }) => {
    const { gain, limit, lowMassRows, lowMassLimit, misled } = auditModel({
      bins: summaryBins(summaries.get(name)!),
      components,
      resolution,
      sampleRows: rows,
      maxComponents: columnOptionsOf(model.options, name).maxComponents,
    });
    return { name, gain, gain_limit: limit, low_mass: lowMassRows, low_mass_limit: lowMassLimit, misled };
  });
}

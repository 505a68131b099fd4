import { type AuditResult, auditModel } from '../shared/mixture/audit.ts';
import { binRows } from '../shared/mixture/bin-rows.ts';
import { fitPreset } from '../shared/mixture/fit-preset.ts';
import { resolutionOf } from '../shared/mixture/resolution.ts';
import { medianOf } from '../shared/numeric/quantiles.ts';
import { mergeSummaries } from '../shared/summary/merge-summaries.ts';
import { summaryBins } from '../shared/summary/summary-bins.ts';
import type { AuditDataset } from './audit-datasets.ts';
import { summariesOf } from './summaries-of.ts';

const COMPONENTS = 10;
const PARTITIONS = 3;

/** As a run does it: a model of the sample, summaries of all rows in parts, merged, and the look back. */
export function auditDataset({ rows, sampleRows, decimals }: AuditDataset): AuditResult {
  const sample = rows.subarray(0, sampleRows);
  const resolution = resolutionOf(sample, decimals);
  const bins = binRows(sample, null, resolution);
  const { components } = fitPreset('modemap', bins, { resolution, maxComponents: COMPONENTS });
  const parts = summariesOf(rows, PARTITIONS, { centre: medianOf(bins), components, resolution, decimals });
  return auditModel({
    bins: summaryBins(parts.reduce(mergeSummaries)),
    components,
    resolution,
    sampleRows,
    maxComponents: COMPONENTS,
    preset: 'modemap',
  });
}

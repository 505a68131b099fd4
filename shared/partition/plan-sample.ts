import { LIMITS } from '../contract/limits.ts';
import type { InputObject, SampledRowGroup } from '../contract/stages.ts';

/** A row group as the sample sees it. */
export interface SampleCandidate extends InputObject {
  rowGroup: number;
  rows: number;
  /** decoded bytes one fit invocation would read of it */
  fitBytes: number;
}

/**
 * Choose the rows of the first fit: row groups evenly spaced over the dataset's rows, thinned systematically.
 *
 * All row groups are taken where they are few; else at least {@link LIMITS.sampleRowGroups}, more where they are
 * small, fewer only where a fit invocation would decode more than {@link LIMITS.sampleDecodedBytes}. Every sampled
 * row carries the number of rows it stands for, so the weights sum to the rows of the dataset.
 *
 * @param candidates all row groups with rows, in input order
 * @param sampleRows about how many rows to read
 */
export function planSample(candidates: readonly SampleCandidate[], sampleRows: number): SampledRowGroup[] {
  const rows = candidates.reduce((sum, candidate) => sum + candidate.rows, 0);
  const wanted = Math.max(LIMITS.sampleRowGroups, Math.ceil((Math.min(sampleRows, rows) * candidates.length) / rows));
  const bytes = candidates.reduce((sum, candidate) => sum + candidate.fitBytes, 0);
  const affordable = Math.max(1, Math.floor((candidates.length * LIMITS.sampleDecodedBytes) / Math.max(bytes, 1)));
  const chosen = Math.min(wanted, affordable);
  return chosen >= candidates.length
    ? thinAll(candidates, Math.ceil(rows / sampleRows))
    : spread(candidates, rows, chosen, sampleRows);
}

/** Columns whose sampled values one fit invocation holds together. */
export const columnsAtOnce = (sampleRows: number): number =>
  Math.max(1, Math.floor(LIMITS.sampledValueBytes / (8 * sampleRows)));

/** Every `step`-th row of the dataset. */
function thinAll(candidates: readonly SampleCandidate[], step: number): SampledRowGroup[] {
  const sampled: SampledRowGroup[] = [];
  let rowStart = 0;
  for (const { key, etag, sizeBytes, rowGroup, rows } of candidates) {
    const offset = ((((step >> 1) - rowStart) % step) + step) % step;
    if (offset < rows) sampled.push({ key, etag, sizeBytes, rowGroup, offset, step, weight: step });
    rowStart += rows;
  }
  return sampled;
}

/** The row groups that hold the midpoints of `chosen` equal stretches of rows. */
function spread(candidates: readonly SampleCandidate[], rows: number, chosen: number, sampleRows: number) {
  const sampled: SampledRowGroup[] = [];
  const stretch = rows / chosen;
  let rowStart = 0;
  let next = 0;
  for (const { key, etag, sizeBytes, rowGroup, rows: groupRows } of candidates) {
    let hits = 0;
    for (; next < chosen && (next + 0.5) * stretch < rowStart + groupRows; next++) hits++;
    rowStart += groupRows;
    if (hits === 0) continue;
    const step = Math.max(1, Math.floor((groupRows * chosen) / (sampleRows * hits)));
    const offset = Math.min(step >> 1, groupRows - 1);
    const weight = (hits * stretch) / Math.ceil((groupRows - offset) / step);
    sampled.push({ key, etag, sizeBytes, rowGroup, offset, step, weight });
  }
  return sampled;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../shared/contract/limits.ts';
import { planSample, type SampleCandidate } from '../../shared/partition/plan-sample.ts';

const candidates = (sizes: number[], bytesPerRow = 8): SampleCandidate[] =>
  sizes.map((rows, i) => ({
    key: `f${i >> 2}`,
    etag: '',
    sizeBytes: 1,
    rowGroup: i & 3,
    rows,
    fitBytes: rows * bytesPerRow,
  }));

const rowsRead = (sizes: SampleCandidate[], sampled: ReturnType<typeof planSample>) =>
  sampled.map(({ key, rowGroup, offset, step, weight }) => {
    const { rows } = sizes.find((candidate) => candidate.key === key && candidate.rowGroup === rowGroup)!;
    return { count: Math.ceil((rows - offset) / step), weight, rows, offset };
  });

const sizes = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 200 });

describe('planSample', () => {
  it('reads every row with weight 1 where the dataset is no larger than the sample', () => {
    fc.assert(
      fc.property(sizes, (list) => {
        const all = candidates(list);
        const sampled = planSample(all, 1_000_000);
        expect(sampled.map(({ step, offset, weight }) => [step, offset, weight])).toEqual(all.map(() => [1, 0, 1]));
      }),
    );
  });

  it('reads about as many rows as asked for, at least one of each row group it names', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 20_000 }), (list, sampleRows) => {
        const all = candidates(list);
        const read = rowsRead(all, planSample(all, sampleRows));
        for (const { count } of read) expect(count).toBeGreaterThanOrEqual(1);
        const total = read.reduce((sum, { count }) => sum + count, 0);
        // a row group read with step s gives at most one row more than its share, and a step is rounded down
        expect(total).toBeLessThanOrEqual(2 * sampleRows + read.length);
      }),
    );
  });

  it('weights sum to the rows of the dataset, up to one step at the ends where every row group is thinned alike', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 100, max: 20_000 }), (list, sampleRows) => {
        const rows = list.reduce((sum, size) => sum + size, 0);
        const all = candidates(list);
        const weight = rowsRead(all, planSample(all, sampleRows)).reduce(
          (sum, { count, weight }) => sum + count * weight,
          0,
        );
        expect(Math.abs(weight - rows)).toBeLessThanOrEqual(Math.ceil(rows / sampleRows) + 1e-6 * rows);
      }),
    );
  });

  it('takes at least 64 row groups, evenly spaced over the rows', () => {
    const all = candidates(Array.from({ length: 1000 }, () => 1_000_000));
    const sampled = planSample(all, 1_000_000);
    expect(sampled).toHaveLength(LIMITS.sampleRowGroups);
    const positions = sampled.map(({ key, rowGroup }) =>
      all.findIndex((c) => c.key === key && c.rowGroup === rowGroup),
    );
    const gaps = positions.slice(1).map((position, i) => position - positions[i]);
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
    expect(rowsRead(all, sampled).reduce((sum, { count }) => sum + count, 0)).toBeCloseTo(1_000_000, -5);
  });

  it('takes fewer row groups rather than decode more than the limit', () => {
    const all = candidates(
      Array.from({ length: 100 }, () => 10_000_000),
      32 * 8,
    );
    const sampled = planSample(all, 1_000_000);
    const bytes = rowsRead(all, sampled).reduce((sum, { rows }) => sum + rows * 32 * 8, 0);
    expect(sampled.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(Math.max(LIMITS.sampleDecodedBytes, 10_000_000 * 32 * 8));
  });
});

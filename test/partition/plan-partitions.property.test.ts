import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../shared/contract/limits.ts';
import { largestFirst, type PlannedObject, planPartitions } from '../../shared/partition/plan-partitions.ts';

const rowGroup = fc.record({ rows: fc.integer({ min: 0, max: 50 }), totalBytes: fc.integer({ min: 0, max: 1000 }) });
const objects: fc.Arbitrary<PlannedObject[]> = fc
  .array(fc.record({ fingerprint: fc.constantFrom('a', 'b'), rowGroups: fc.array(rowGroup, { maxLength: 8 }) }), {
    maxLength: 20,
  })
  .map((list) => list.map((object, i) => ({ key: `part-${i}.parquet`, etag: `e${i}`, sizeBytes: 10, ...object })));
const budgets = fc.integer({ min: 1, max: 5000 });

/** Every row group of the partitions, in order, as `key index`. */
const covered = (list: PlannedObject[], partitionBytes: number) =>
  planPartitions(list, { partitionBytes, root: 'r/' }).flatMap(({ slices }) =>
    slices.flatMap(({ key, rowGroupStart, rowGroupEnd }) =>
      Array.from({ length: rowGroupEnd - rowGroupStart }, (_, i) => `${key} ${rowGroupStart + i}`),
    ),
  );

describe('planPartitions', () => {
  it('tiles the row groups that have rows, each once, in input order', () => {
    fc.assert(
      fc.property(objects, budgets, (list, bytes) => {
        const expected = list.flatMap(({ key, rowGroups }) =>
          rowGroups.flatMap(({ rows }, i) => (rows > 0 ? [`${key} ${i}`] : [])),
        );
        expect(covered(list, bytes)).toEqual(expected);
      }),
    );
  });

  it('counts rows and bytes of exactly what its slices hold, and numbers partitions in input order', () => {
    fc.assert(
      fc.property(objects, budgets, (list, bytes) => {
        const byKey = new Map(list.map((object) => [object.key, object]));
        const partitions = planPartitions(list, { partitionBytes: bytes, root: '' });
        expect(partitions.map(({ partition }) => partition)).toEqual([...partitions.keys()]);
        for (const { rows, decodedBytes, slices, firstRow } of partitions) {
          const groups = slices.flatMap(({ key, rowGroupStart, rowGroupEnd }) =>
            byKey.get(key)!.rowGroups.slice(rowGroupStart, rowGroupEnd),
          );
          expect(rows).toBe(groups.reduce((sum, group) => sum + group.rows, 0));
          expect(decodedBytes).toBe(groups.reduce((sum, group) => sum + group.totalBytes, 0));
          const before = byKey.get(slices[0].key)!.rowGroups.slice(0, slices[0].rowGroupStart);
          expect(firstRow).toBe(before.reduce((sum, group) => sum + group.rows, 0));
        }
      }),
    );
  });

  it('exceeds the budget only where a single row group does, and never mixes fingerprints', () => {
    fc.assert(
      fc.property(objects, budgets, (list, bytes) => {
        const fingerprints = new Map(list.map(({ key, fingerprint }) => [key, fingerprint]));
        for (const { decodedBytes, slices } of planPartitions(list, { partitionBytes: bytes, root: '' })) {
          const single = slices.length === 1 && slices[0].rowGroupEnd - slices[0].rowGroupStart === 1;
          expect(decodedBytes <= bytes || single).toBe(true);
          expect(new Set(slices.map(({ key }) => fingerprints.get(key))).size).toBe(1);
        }
      }),
    );
  });

  it.each([
    ['a small table: one', 3, 5_000_000, 1],
    ['what one machine normalizes in seconds: enough for its cores', 10, 32_000_000, 10],
    ['a GB: 16', 96, 10_000_000, 16],
    ['the largest: 128 MB each', 8000, 16_000_000, 1000],
  ])('cuts by the size of the table where nothing is said; %s', (_, rowGroups, totalBytes, partitions) => {
    const groups = Array.from({ length: rowGroups }, () => ({ rows: 1, totalBytes }));
    const list = [{ key: 'a', etag: 'e', sizeBytes: 1, fingerprint: '', rowGroups: groups }];
    expect(planPartitions(list, { partitionBytes: 'auto', root: '' })).toHaveLength(partitions);
  });

  it('groups many small files, and keeps every plan line below the limit of a state', () => {
    const key = (i: number) => `${'k'.repeat(900)}-${i}.parquet`;
    const list = Array.from({ length: 5000 }, (_, i) => ({
      key: key(i),
      etag: `"${i}"`,
      sizeBytes: 300,
      fingerprint: '',
      rowGroups: [{ rows: 1, totalBytes: 8 }],
    }));
    const partitions = planPartitions(list, { partitionBytes: 1e8, root: 'dataset/' });
    expect(partitions.length).toBeLessThan(60);
    for (const line of partitions) expect(JSON.stringify(line).length).toBeLessThan(LIMITS.planLineBytes + 2000);
  });

  it('makes partitions larger rather than more than ten thousand', () => {
    const rowGroups = Array.from({ length: 30_000 }, () => ({ rows: 1, totalBytes: 100 }));
    const partitions = planPartitions([{ key: 'a', etag: '', sizeBytes: 1, fingerprint: '', rowGroups }], {
      partitionBytes: 100,
      root: '',
    });
    expect(partitions.length).toBeLessThanOrEqual(LIMITS.partitions);
    expect(partitions.reduce((sum, { rows }) => sum + rows, 0)).toBe(30_000);
  });

  it('refuses a dataset that would need more than ten thousand partitions whatever their size', () => {
    const list = Array.from({ length: 10_001 }, (_, i) => ({
      key: `${i}`,
      etag: '',
      sizeBytes: 1,
      fingerprint: String(i % 2),
      rowGroups: [{ rows: 1, totalBytes: 1 }],
    }));
    expect(() => planPartitions(list, { partitionBytes: 1e9, root: '' })).toThrow(
      'a run may have at most 10000 partitions, this dataset needs 10001: compact its files first',
    );
  });
});

describe('largestFirst', () => {
  it('sorts by decoded bytes, ties in input order, and loses nothing', () => {
    fc.assert(
      fc.property(objects, budgets, (list, bytes) => {
        const partitions = planPartitions(list, { partitionBytes: bytes, root: '' });
        const sorted = largestFirst(partitions);
        expect(new Set(sorted)).toEqual(new Set(partitions));
        for (const [i, { decodedBytes, partition }] of sorted.slice(1).entries()) {
          const previous = sorted[i];
          expect(
            previous.decodedBytes > decodedBytes ||
              (previous.decodedBytes === decodedBytes && previous.partition < partition),
          ).toBe(true);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIMITS } from '../../../shared/contract/limits.ts';
import {
  type ByteRange,
  chunkReads,
  countExtentReads,
  sliceReads,
  smallExtentOf,
} from '../../../shared/parquet/chunk-reads.ts';
import type { RowGroup } from '../../../shared/parquet/footer-types.ts';

const { fetchBytes, fetchGapBytes } = LIMITS;

/** Row groups one after the other, chunks of these lengths with gaps between them. */
function rowGroupsOf(groups: { length: number; gap: number }[][]): RowGroup[] {
  let at = 4;
  return groups.map((chunks) => {
    const ranges = chunks.map(({ length, gap }) => {
      const start = at + gap;
      at = start + length;
      return { start, end: at };
    });
    return { rows: 1, chunks: ranges } as unknown as RowGroup;
  });
}

const chunk = fc.record({
  length: fc.oneof(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 1, max: 30_000_000 })),
  gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 2_000_000 })),
});
const tables = fc.integer({ min: 1, max: 8 }).chain((columns) =>
  fc.record({
    groups: fc.array(fc.array(chunk, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    wants: fc.array(fc.constantFrom('whole', 'pieces', 'not'), { minLength: columns, maxLength: columns }),
  }),
);
const wantedOf = (wants: string[]) =>
  wants.flatMap((want, leaf) =>
    want === 'not' ? [] : [{ leafStart: leaf, leafEnd: leaf + 1, isWhole: want === 'whole' }],
  );
const length = ({ start, end }: ByteRange) => end - start;
const holds = (range: ByteRange, { start, end }: ByteRange) => range.start <= start && end <= range.end;

it('every wanted byte is fetched once, and a chunk to be decoded in one piece', () => {
  fc.assert(
    fc.property(tables, ({ groups, wants }) => {
      const rowGroups = rowGroupsOf(groups);
      const reads = Array.from(sliceReads(rowGroups, wantedOf(wants)));
      for (const { chunks } of rowGroups) {
        for (const [leaf, chunk] of chunks.entries()) {
          const holding = reads.filter((read) => read.start < chunk.end && chunk.start < read.end);
          if (wants[leaf] === 'not') continue;
          expect(
            holding.reduce((sum, read) => sum + Math.min(read.end, chunk.end) - Math.max(read.start, chunk.start), 0),
          ).toBe(length(chunk));
          if (wants[leaf] === 'whole') expect(holding.some((read) => holds(read, chunk))).toBe(true);
        }
      }
    }),
  );
});

it('two requests follow one another only where the first is large enough, or one request could not be', () => {
  fc.assert(
    fc.property(tables, ({ groups, wants }) => {
      const [rowGroup] = rowGroupsOf(groups);
      const reads = Array.from(chunkReads(rowGroup, wantedOf(wants)));
      for (const [i, read] of reads.slice(1).entries()) {
        const before = reads[i];
        const gap = read.start - before.end;
        const first = rowGroup.chunks.find((chunk) => holds(chunk, { start: read.start, end: read.start + 1 }));
        const last = rowGroup.chunks.find((chunk) => holds(chunk, { start: before.end - 1, end: before.end }));
        const isLarge = length(first!) > fetchBytes || length(last!) > fetchBytes;
        expect(length(before) >= fetchBytes || gap > fetchGapBytes || isLarge).toBe(true);
      }
      for (const read of reads) {
        const isOneChunk = rowGroup.chunks.some((chunk) => holds(chunk, read));
        expect(isOneChunk || length(read) < 2 * fetchBytes + fetchGapBytes).toBe(true);
      }
    }),
  );
});

it('plan counts the requests for small row groups as they are made', () => {
  const small = fc.record({ length: fc.integer({ min: 1, max: 1_500_000 }), gap: chunk.map(({ gap }) => gap) });
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.oneof(small, chunk), { minLength: 2, maxLength: 2 }), { minLength: 1 }),
      (groups) => {
        const rowGroups = rowGroupsOf(groups);
        const wanted = wantedOf(['whole', 'whole']);
        const large = rowGroups.filter((group) => !smallExtentOf(group));
        const reads = Array.from(sliceReads(rowGroups, wanted)).length;
        const ofLarge = large.reduce((sum, group) => sum + Array.from(chunkReads(group, wanted)).length, 0);
        expect(reads).toBe(ofLarge + countExtentReads(rowGroups.map(smallExtentOf)));
      },
    ),
  );
});

it('1,500 columns of 1.6 MB take 300 requests, 10,000 row groups of one row take one', () => {
  const columns = Array.from({ length: 1_500 }, () => ({ length: 1_600_000, gap: 0 }));
  const wanted = wantedOf(columns.map(() => 'whole'));
  expect(Array.from(sliceReads(rowGroupsOf([columns]), wanted)).length).toBe(300);
  const tiny = Array.from({ length: 10_000 }, () => [{ length: 80, gap: 0 }]);
  expect(Array.from(sliceReads(rowGroupsOf(tiny), wantedOf(['whole']))).length).toBe(1);
});

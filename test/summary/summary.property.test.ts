import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { mergeSummaries } from '../../shared/summary/merge-summaries.ts';
import { decodeSummary, encodeSummary } from '../../shared/summary/summary-block.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { columnOf, columnRows } from '../support/column-models.ts';

type Row = number | null;
const floating = { floatBits: 64 } as const;

function summaryOf(rows: readonly Row[], centre = 0): ColumnSummary {
  const builder = new SummaryBuilder({ centre, decimals: floating });
  const { values, valid } = columnOf(rows);
  builder.add(values, valid, 1);
  return builder.finish();
}

const bytesOf = (summary: ColumnSummary) => Buffer.from(encodeSummary(summary)).toString('base64');
const emptyOf = (centre: number) => new SummaryBuilder({ centre, decimals: floating }).finish();

/** More distinct values than are kept as themselves, on a grid or not. */
const manyRows = fc
  .tuple(fc.integer({ min: 900, max: 1500 }), fc.constantFrom(0.01, 0.1, 1, Math.PI, 1e300), fc.nat(50))
  .map(([length, step, offset]): Row[] =>
    Array.from({ length }, (_, i) => (i % 97 === 0 ? null : ((i * 7919) % 2003) * step * (i % 2 ? 1 : -1) + offset)),
  );
const someRows = fc.oneof(
  { weight: 2, arbitrary: columnRows as fc.Arbitrary<Row[]> },
  { weight: 3, arbitrary: manyRows },
);
const centres = fc.constantFrom(0, 1 / 3, -250, 1.7e308);

describe('mergeSummaries', () => {
  it('gives the bytes of one builder that saw all rows, in any order and grouping', () => {
    fc.assert(
      fc.property(someRows, someRows, someRows, centres, (a, b, c, centre) => {
        const [sa, sb, sc] = [a, b, c].map((rows) => summaryOf(rows, centre));
        const builder = new SummaryBuilder({ centre, decimals: floating });
        for (const rows of [b, c, a]) {
          const { values, valid } = columnOf(rows);
          builder.add(values, valid, 1);
        }
        const whole = bytesOf(builder.finish());
        expect(bytesOf(mergeSummaries(mergeSummaries(sa, sb), sc))).toBe(whole);
        expect(bytesOf(mergeSummaries(sc, mergeSummaries(sb, sa)))).toBe(whole);
        expect(bytesOf(mergeSummaries(mergeSummaries(sb, sc), sa))).toBe(whole);
        expect(bytesOf(mergeSummaries(emptyOf(centre), mergeSummaries(sa, mergeSummaries(sb, sc))))).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('carries sums beyond 2^53 exactly, whatever the order of doubling', () => {
    const rows: Row[] = Array.from({ length: 1500 }, (_, i) => 1 + i / 4096);
    const one = summaryOf(rows, 0.25);
    let doubled = one;
    for (let i = 0; i < 36; i++) doubled = mergeSummaries(doubled, doubled);
    const n = 2 ** 36;
    for (const [i, count] of one.cells!.counts.entries()) {
      const total = (high: Float64Array, low: Float64Array) => BigInt(high[i]) * 2n ** 52n + BigInt(low[i]);
      const [a, b] = [one.cells!, doubled.cells!];
      expect(b.counts[i]).toBe(count * n);
      expect(total(b.sumsHigh, b.sumsLow)).toBe(BigInt(n) * total(a.sumsHigh, a.sumsLow));
      expect(total(b.squaresHigh, b.squaresLow)).toBe(BigInt(n) * total(a.squaresHigh, a.squaresLow));
    }
    expect(bytesOf(mergeSummaries(doubled, one))).toBe(bytesOf(mergeSummaries(one, doubled)));
  });

  it('turns repeated distinct values into the cells that their rows would have made', () => {
    const repeated = (times: number): ColumnSummary => {
      const summary = summaryOf([0.1, 0.7, 1e9 + 1 / 3]);
      return { ...summary, distinct: { ...summary.distinct!, counts: summary.distinct!.counts.map((n) => n * times) } };
    };
    const wide = summaryOf(Array.from({ length: 1100 }, (_, i) => -i - 2));
    let byDoubling = mergeSummaries(repeated(1), wide);
    for (let i = 0; i < 40; i++) byDoubling = mergeSummaries(byDoubling, byDoubling);
    let wideOnly = wide;
    for (let i = 0; i < 40; i++) wideOnly = mergeSummaries(wideOnly, wideOnly);
    const atOnce = mergeSummaries(repeated(2 ** 40), wideOnly);
    expect(atOnce.cells).toEqual(byDoubling.cells);
  });

  it('refuses summaries of different centres', () => {
    expect(() => mergeSummaries(summaryOf([1], 0), summaryOf([1], 1))).toThrow(
      'summaries must have the same centre, got 0 and 1',
    );
  });
});

describe('SummaryBuilder', () => {
  it('counts every kind of row, and finds range, decimals and distinct values', () => {
    const rows = [0.5, null, Number.NaN, -0, 0, Number.POSITIVE_INFINITY, -2.25, Number.NEGATIVE_INFINITY, null, 0.5];
    expect(summaryOf(rows, 7)).toEqual({
      centre: 7,
      zooms: [],
      rows: 10,
      nulls: 2,
      nan: 1,
      positiveInfinity: 1,
      negativeInfinity: 1,
      inexact: 1,
      minimum: -2.25,
      maximum: 0.5,
      decimals: 2,
      distinct: { values: Float64Array.of(-2.25, 0, 0.5), counts: Float64Array.of(1, 2, 2) },
      cells: null,
    });
  });

  it('keeps 1,024 distinct values as themselves, and makes cells of one more', () => {
    const rows = Array.from({ length: 1025 }, (_, i) => i * 3);
    expect(summaryOf(rows.slice(1)).distinct?.values).toEqual(Float64Array.from(rows.slice(1)));
    const cells = summaryOf(rows);
    expect(cells.distinct).toBeNull();
    expect(cells.cells!.counts.reduce((a, b) => a + b)).toBe(1025);
  });

  it('takes the decimals of types that have them', () => {
    const builder = new SummaryBuilder({ centre: 0, decimals: { fixed: 4 } });
    builder.add(Float64Array.of(0.5), Uint8Array.of(1), 0);
    expect(builder.finish().decimals).toBe(4);
  });

  it('does not depend on how rows are cut into calls', () => {
    fc.assert(
      fc.property(manyRows, fc.nat(1500), (rows, cut) => {
        const builder = new SummaryBuilder({ centre: 0.1, decimals: floating });
        const { values, valid } = columnOf(rows);
        builder.add(values.subarray(0, cut), valid.subarray(0, cut), 1);
        builder.add(values.subarray(cut), valid.subarray(cut), 0);
        expect(bytesOf(builder.finish())).toBe(bytesOf(summaryOf(rows, 0.1)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a block of a summary file', () => {
  it('gives back the summary that was written, from any place in a buffer', () => {
    fc.assert(
      fc.property(someRows, centres, fc.nat(9), (rows, centre, shift) => {
        const summary = summaryOf(rows, centre);
        const block = encodeSummary(summary);
        const shifted = new Uint8Array(block.length + shift);
        shifted.set(block, shift);
        expect(decodeSummary(shifted.subarray(shift))).toEqual(summary);
      }),
      { numRuns: 30 },
    );
  });
});

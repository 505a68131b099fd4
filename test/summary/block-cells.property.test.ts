import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { encodeSummary } from '../../shared/summary/summary-block.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { LIMB, type SummaryCells } from '../../shared/summary/summary-cells.ts';
import { cellOf, zoomsOf } from '../../shared/summary/zooms.ts';
import { normalFrom } from '../support/column-models.ts';
import { atom, gaussian } from '../support/models.ts';
import { seededRandom } from '../support/random.ts';

const bytesOf = (summary: ColumnSummary) => Buffer.from(encodeSummary(summary)).toString('base64');

/** The summary of rows that come so many at a time. */
function summaryOf(values: Float64Array, valid: Uint8Array, centre: number, model: Component[], rowsAtOnce: number) {
  const zooms = zoomsOf(centre, model, 1e-9);
  const builder = new SummaryBuilder({ centre, zooms, decimals: { floatBits: 64 } });
  for (let from = 0; from < values.length; from += rowsAtOnce)
    builder.add(values.subarray(from, from + rowsAtOnce), valid.subarray(from, from + rowsAtOnce), 0);
  return builder.finish();
}

/** Gaussians wide and narrow, near and far, and atoms: with zooms that share cells and with none. */
const models = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom(0, 1, 1 + 1e-9, -250, 1e12, 1e300), fc.constantFrom(1e-12, 1e-6, 1, 1e6, 1e299))
      .map(([mean, deviation]) => gaussian(0.2, mean, deviation)),
    fc.constantFrom(0, 99_999, -1, 1e-300).map((value) => atom(0.1, value)),
  ),
  { minLength: 1, maxLength: 5 },
);
const SPECIAL = [Number.NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE];

/** Rows of every component, every `gap`th of them null or special. */
function rowsOf(model: Component[], length: number, gap: number, seed: number) {
  const { uniform } = seededRandom(seed);
  const values = Float64Array.from({ length }, () => {
    const { mean, standardDeviation } = model[Math.floor(uniform() * model.length)];
    return mean + standardDeviation * normalFrom(uniform(), uniform());
  });
  const valid = new Uint8Array(length).fill(1);
  for (let row = gap; row < length; row += gap) {
    if (row % 2) valid[row] = 0;
    else values[row] = SPECIAL[row % SPECIAL.length];
  }
  return { values, valid };
}

/** Each cell's rows, sums and value as text, counted row by row. */
function plainCells(values: Float64Array, valid: Uint8Array, centre: number, model: Component[]): Map<number, string> {
  const zooms = zoomsOf(centre, model, 1e-9);
  const cells = new Map<number, { count: number; sum: bigint; squares: bigint; value: number }>();
  for (const [row, x] of values.entries()) {
    if (valid[row] === 0 || !Number.isFinite(x)) continue;
    const { key, offset } = cellOf(x + 0, centre, zooms);
    const cell = cells.get(key) ?? { count: 0, sum: 0n, squares: 0n, value: x + 0 };
    cell.count++;
    cell.sum += BigInt(offset);
    cell.squares += BigInt(offset) ** 2n;
    if (cell.value !== x) cell.value = Number.NaN;
    cells.set(key, cell);
  }
  return new Map([...cells].map(([key, cell]) => [key, Object.values(cell).join()]));
}

function textsOf(cells: SummaryCells): Map<number, string> {
  const exact = (high: number, low: number) => BigInt(high) * BigInt(LIMB) + BigInt(low);
  const { counts, sumsHigh, sumsLow, squaresHigh, squaresLow, values } = cells;
  return new Map(
    Array.from(cells.keys, (key, i) => [
      key,
      [counts[i], exact(sumsHigh[i], sumsLow[i]), exact(squaresHigh[i], squaresLow[i]), values[i]].join(),
    ]),
  );
}

/** A model, a centre, rows from one null to the next, a seed. */
const settings = fc.tuple(models, fc.constantFrom(0, 1 / 3, -250, 1.7e308), fc.constantFrom(7, 1500, 1e9), fc.nat());

describe('BlockCells', () => {
  it('hold what counting row by row in whole numbers gives', () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1100, max: 5000 }), ([model, centre, gap, seed], length) => {
        const { values, valid } = rowsOf(model, length, gap, seed);
        const { cells } = summaryOf(values, valid, centre, model, length);
        fc.pre(cells !== null);
        expect(textsOf(cells!)).toEqual(plainCells(values, valid, centre, model));
      }),
      { numRuns: 60 },
    );
  });

  it('of many columns that pass in turn are those of each alone, however often they are handed over', () => {
    const columns = Array.from({ length: 140 }, (_, i) => rowsOf([gaussian(1, i, 10 ** (i % 5))], 48_000, 1e9, i));
    const decimals = { floatBits: 64 } as const;
    const builders = columns.map(() => new SummaryBuilder({ centre: 0, decimals }));
    for (let from = 0; from < 48_000; from += 6000)
      for (const [i, { values, valid }] of columns.entries())
        builders[i].add(values.subarray(from, from + 6000), valid.subarray(from, from + 6000), 0);
    let cells = 0;
    for (const [i, { values, valid }] of columns.entries()) {
      const alone = new SummaryBuilder({ centre: 0, decimals });
      alone.add(values, valid, 0);
      const summary = alone.finish();
      expect(bytesOf(builders[i].finish())).toBe(bytesOf(summary));
      cells += summary.cells!.keys.length;
    }
    // 32 bytes each: more than is kept at once
    expect(32 * cells).toBeGreaterThan(32 << 20);
  });

  it('give many rows at once the bytes that few at a time have, zooms, nulls and extremes among them', () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1 << 14, max: 20_000 }), ([model, centre, gap, seed], length) => {
        const { values, valid } = rowsOf(model, length, gap, seed);
        const whole = bytesOf(summaryOf(values, valid, centre, model, length));
        expect(whole).toBe(bytesOf(summaryOf(values, valid, centre, model, 999)));
      }),
      { numRuns: 60 },
    );
  });

  it('are emptied before a sum could pass its bits: 3 million rows in one cell', () => {
    const model = [gaussian(1, 0, 1)];
    const values = new Float64Array(3_000_000).fill(1.9999999);
    for (let i = 0; i < 2000; i++) values[i * 7] = i;
    const valid = new Uint8Array(values.length).fill(1);
    const whole = bytesOf(summaryOf(values, valid, 0, model, values.length));
    expect(whole).toBe(bytesOf(summaryOf(values, valid, 0, model, 10_000)));
  });

  it('begin anew with each column', () => {
    const [a, b] = [
      rowsOf([gaussian(1, 0, 1)], 20_000, 50, 1),
      rowsOf([atom(0.5, 7), gaussian(0.5, 0, 1)], 20_000, 50, 2),
    ];
    const builders = [a, b].map(() => new SummaryBuilder({ centre: 0, decimals: { floatBits: 64 } }));
    for (let i = 0; i < 2; i++)
      for (const [j, { values, valid }] of [a, b].entries()) builders[j].add(values, valid, 0);
    for (const [j, { values, valid }] of [a, b].entries()) {
      const alone = new SummaryBuilder({ centre: 0, decimals: { floatBits: 64 } });
      alone.add(values, valid, 0);
      alone.add(values, valid, 0);
      expect(bytesOf(builders[j].finish())).toBe(bytesOf(alone.finish()));
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellRuns } from '../../shared/summary/cell-runs.ts';
import { mergeCells } from '../../shared/summary/merge-cells.ts';
import { packCells, unpackCells } from '../../shared/summary/packed-cells.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import type { SummaryCells } from '../../shared/summary/summary-cells.ts';
import { type Zoom, zoomsOf } from '../../shared/summary/zooms.ts';
import { atom, gaussian } from '../support/models.ts';

/** Where the rows lie: about a centre, or where zooms are about theirs. */
const centres = fc.constantFrom(0, 1 / 3, -250, 1.7e308);
const layouts = fc
  .tuple(centres, fc.constantFrom([], [atom(0.1, 99_999)], [gaussian(0.2, 1e6, 1e-3), gaussian(0.2, 1e6 + 3, 1e-6)]))
  .map(([centre, model]) => ({ centre, zooms: zoomsOf(centre, model, 1e-9) }));
/** Values of every magnitude, repeated or not, in cells of their own or together. */
const columns = fc
  .tuple(
    fc.integer({ min: 1100, max: 3000 }),
    fc.constantFrom(1e-300, 1e-3, 1, 1e6, 1e300),
    fc.constantFrom(0, 99_999, 1e6),
    fc.integer({ min: 1, max: 2 ** 31 }),
  )
  .map(([length, scale, place, salt]) =>
    Float64Array.from({ length }, (_, i) => place + scale * (((i * 7919 + salt) % 2003) - 1000) ** (1 + (i % 3))),
  )
  // so many that they are not kept as themselves; some scales go beyond the doubles
  .filter((values) => new Set(values.filter(Number.isFinite)).size > 1024);

function cellsOf(values: Float64Array, { centre, zooms }: { centre: number; zooms: readonly Zoom[] }): SummaryCells {
  const builder = new SummaryBuilder({ centre, zooms, decimals: { fixed: 0 } });
  builder.add(values, new Uint8Array(values.length).fill(1), 0);
  return builder.finish().cells!;
}

/** The same rows so often that counts and sums go through all widths. */
function repeated(cells: SummaryCells, doublings: number): SummaryCells {
  let many = cells;
  for (let i = 0; i < doublings; i++) many = mergeCells(many, many);
  return many;
}

/** Every bit of them. */
const bitsOf = (cells: SummaryCells) =>
  Object.entries(cells).map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
  ]);

describe('packed cells', () => {
  it('come back bit for bit, however many rows they hold', () => {
    fc.assert(
      fc.property(columns, layouts, fc.constantFrom(0, 1, 12, 16, 33, 40), (values, layout, doublings) => {
        const cells = repeated(cellsOf(values, layout), doublings);
        expect(bitsOf(unpackCells(packCells(cells), layout.centre, layout.zooms))).toEqual(bitsOf(cells));
      }),
      { numRuns: 80 },
    );
  });

  it('take ten bytes a row at most, for rows that stand alone and for rows that share cells', () => {
    for (const growth of [1.01, 1 + 1e-4, 1 + 1e-6]) {
      const values = Float64Array.from({ length: 20_000 }, (_, i) => growth ** i + i / 1e9);
      const packed = packCells(cellsOf(values, { centre: 0, zooms: [] }));
      expect(packed.length).toBeLessThan(10 * values.length + 100);
    }
  });
});

describe('CellRuns', () => {
  it('give the cells of all rows, in however many runs they came', () => {
    fc.assert(
      fc.property(
        fc.array(columns, { minLength: 1, maxLength: 20 }),
        layouts,
        fc.boolean(),
        (runs, layout, isLastApart) => {
          const cells = runs.map((values) => cellsOf(values, layout));
          const together = new CellRuns(layout.centre, layout.zooms);
          for (const run of isLastApart ? cells.slice(0, -1) : cells) together.add(run);
          const all = together.finish(isLastApart ? cells.at(-1)! : null);
          expect(bitsOf(all!)).toEqual(bitsOf(cells.reduce(mergeCells)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('give none where there was none', () => {
    expect(new CellRuns(0, []).finish(null)).toBeNull();
  });
});

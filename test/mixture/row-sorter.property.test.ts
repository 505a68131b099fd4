import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowSorter } from '../../shared/mixture/row-sorter.ts';

const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }));
const row = fc.tuple(value, fc.constantFrom(0.5, 1, 2));

describe('RowSorter', () => {
  it('sorts rows by value and then by weight, whatever share of them weighs the same', () => {
    const sorter = new RowSorter();
    fc.assert(
      fc.property(fc.array(value, { maxLength: 100 }), fc.array(row, { maxLength: 20 }), (alike, others) => {
        const rows = [...alike.map((x) => [x, 1] as const), ...others];
        const expected = rows.map(([x, w]) => [x + 0, w]).sort(([x, w], [y, v]) => x - y || w - v);
        const values = Float64Array.from(rows, ([x]) => x);
        const weights = Float64Array.from(rows, ([, w]) => w);
        const sorted = sorter.sort(values, weights);
        // two equal ones may stand either way: their sum is the same
        const isPair = (i: number) =>
          expected.filter(([x]) => x === expected[i][0]).length === 2 &&
          [...sorted.values].indexOf(expected[i][0]) >= 0;
        expect([...sorted.values]).toEqual(expected.map(([x]) => x));
        for (const [i, [, weight]] of expected.entries()) if (!isPair(i)) expect(sorted.weights![i]).toBe(weight);
        const total = (list: Float64Array) => list.reduce((a, b) => a + b, 0);
        expect(total(sorted.weights!)).toBe(total(weights));
        expect([...sorter.sort(values, null).values]).toEqual(expected.map(([x]) => x));
      }),
    );
  });
});

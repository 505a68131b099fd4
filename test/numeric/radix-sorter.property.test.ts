import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RadixSorter } from '../../shared/numeric/radix-sorter.ts';

const finite = fc.double({ noNaN: true });
const few = fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE);
const keys = fc.array(fc.oneof(finite, few), { maxLength: 200 });

describe('RadixSorter', () => {
  it('sorts every double as comparing does, equal ones in the order they came, in memory used before', () => {
    const sorter = new RadixSorter();
    fc.assert(
      fc.property(keys, (list) => {
        const order = list.map((_, i) => i).sort((a, b) => list[a] - list[b] || a - b);
        const places = Float64Array.from(list.keys());
        expect([...sorter.sort(Float64Array.from(list), places).companions!]).toEqual(order);
        expect([...sorter.sort(Float64Array.from(list)).keys]).toEqual(order.map((i) => list[i] + 0));
      }),
    );
  });

  it('sorts keys that differ in their last digits only, beside others of any magnitude', () => {
    const list = Float64Array.from({ length: 500 }, (_, i) =>
      i % 10 === 0 ? (i - 250) * 10 ** (i - 250) : 1 + ((i * 7919) % 500) * 2 ** -52,
    );
    for (const sign of [1, -1]) {
      const given = list.map((x) => sign * x);
      expect(new RadixSorter().sort(given).keys).toEqual(given.map((x) => x + 0).sort());
    }
  });

  it('leaves what it is given alone, and room for more', () => {
    const [given, companions] = [Float64Array.of(2, -3, 1), Float64Array.of(1, 2, 3)];
    const { keys: sorted } = new RadixSorter().sort(given, companions, 10);
    expect([...given, ...companions]).toEqual([2, -3, 1, 1, 2, 3]);
    expect([...sorted]).toEqual([-3, 1, 2]);
    expect(sorted.buffer.byteLength).toBeGreaterThanOrEqual(80);
  });
});

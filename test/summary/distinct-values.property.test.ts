import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctValues, MOST_DISTINCT } from '../../shared/summary/distinct-values.ts';

describe('DistinctValues', () => {
  it('count every value, and stop at the first that is one too many', () => {
    const columns = fc
      .tuple(fc.integer({ min: 1, max: 2000 }), fc.constantFrom(1, 0.1, 1e-300, 1e300, 2 ** 32), fc.nat(5000))
      .map(([distinct, step, length]) => Float64Array.from({ length }, (_, i) => ((i * 7919) % distinct) * step));
    fc.assert(
      fc.property(columns, fc.nat(5000), (values, cut) => {
        const counts = new Map<number, number>();
        let end = 0;
        for (; end < values.length; end++) {
          if (counts.size === MOST_DISTINCT && !counts.has(values[end])) break;
          counts.set(values[end], (counts.get(values[end]) ?? 0) + 1);
        }
        const distinct = new DistinctValues();
        const first = distinct.addAll(values, Math.min(cut, end));
        expect(first).toBe(Math.min(cut, end));
        expect(first + distinct.addAll(values.subarray(first), values.length - first)).toBe(end);
        const expected = [...counts].sort(([a], [b]) => a - b);
        expect(distinct.finish()).toEqual({
          values: Float64Array.from(expected, ([value]) => value),
          counts: Float64Array.from(expected, ([, count]) => count),
        });
      }),
      { numRuns: 100 },
    );
  });
});

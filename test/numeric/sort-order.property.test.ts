import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortOrder } from '../../shared/numeric/sort-order.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const few = fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE);

describe('sortOrder', () => {
  it('sorts every finite double as comparing does, equal ones in the order they came', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(finite, few), { maxLength: 200 }), (list) => {
        const byComparing = list.map((_, i) => i).sort((a, b) => list[a] - list[b] || a - b);
        expect([...sortOrder(Float64Array.from(list))]).toEqual(byComparing);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableCache } from '../../shared/normalize/table-cache.ts';

describe('TableCache', () => {
  it('makes again only what is not among the last asked for that fit, and keeps the last one whatever its size', () => {
    const keys = Array.from({ length: 8 }, (_, size) => ({ size }));
    fc.assert(
      fc.property(
        fc.array(fc.nat(7), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 15 }),
        (calls, most) => {
          const cache = new TableCache<{ size: number }>(({ size }) => size, most);
          /** sizes kept, the one asked for last at the end */
          let kept: number[] = [];
          for (const size of calls) {
            let made = 0;
            expect(
              cache.get(keys[size], () => {
                made++;
                return { size };
              }),
            ).toEqual({ size });
            expect(made).toBe(kept.includes(size) ? 0 : 1);
            const isKnown = kept.includes(size);
            kept = [...kept.filter((other) => other !== size), size];
            while (!isKnown && kept.length > 1 && kept.reduce((a, b) => a + b) > most) kept.shift();
          }
        },
      ),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { drawn, type seededRandom } from '../support/random.ts';

type Draw = ReturnType<typeof seededRandom>;

const COLUMNS: Record<string, (draw: Draw) => number> = {
  normal: ({ normal }) => normal(),
  lognormal: ({ normal }) => Math.exp(3 + 0.8 * normal()),
  'zeros and a tail': ({ normal, uniform }) => (uniform() < 0.6 ? 0 : Math.exp(4 + normal())),
  'exponential and a sentinel': ({ uniform }) => (uniform() < 0.003 ? 99_999 : -100 * Math.log(1 - uniform())),
  'two tails': ({ normal, uniform }) => normal() * (uniform() < 0.01 ? 20 : 1),
  Cauchy: ({ uniform }) => Math.tan(3 * (uniform() - 0.5)),
  money: ({ normal }) => Math.round(100 * Math.exp(2 + 1.5 * normal())) / 100,
};

/** The share of four standard deviations within which a value is not clipped. */
const CLIP = 0.99;

describe('a fitted mixture', () => {
  it('reaches every row it was fitted to', () => {
    const columns = fc.constantFrom(...Object.keys(COLUMNS));
    fc.assert(
      fc.property(
        columns,
        fc.integer({ min: 20, max: 6000 }),
        fc.integer({ min: 6, max: 10 }),
        fc.nat(),
        (name, n, k, seed) => {
          const values = Float64Array.from(drawn(n, seed, COLUMNS[name]));
          const resolution = resolutionOf(values, name === 'money' ? 2 : null);
          const { components } = fitMixture(binRows(values, null, resolution), { resolution, maxComponents: k });
          for (const x of values) {
            const isReached = components.some(({ kind, mean, standardDeviation }) =>
              kind === 'atom' ? mean === x : Math.abs((x - mean) / (4 * standardDeviation)) <= CLIP,
            );
            expect(isReached ? null : { x, components }).toBeNull();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

import fc from 'fast-check';
import { drawn } from './random.ts';

/** Values that a column may hold: modes of many widths, an atom, a tail; on a grid of 2^-10, so that shifts round nothing. */
export const randomColumns: fc.Arbitrary<Float64Array> = fc
  .record({
    modes: fc.array(fc.record({ mean: fc.integer({ min: -400, max: 400 }), width: fc.integer({ min: -5, max: 6 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    atom: fc.option(fc.integer({ min: -500, max: 500 })),
    isSkewed: fc.boolean(),
    isCoarse: fc.boolean(),
    rows: fc.integer({ min: 50, max: 1500 }),
    seed: fc.nat(),
  })
  .map(({ modes, atom, isSkewed, isCoarse, rows, seed }) => {
    const step = isCoarse ? 1 : 2 ** -10;
    return drawn(rows, seed, ({ normal, uniform }) => {
      if (atom !== null && uniform() < 0.2) return atom;
      const { mean, width } = modes[Math.floor(uniform() * modes.length)];
      const z = normal();
      const x = mean + 2 ** width * (isSkewed ? Math.exp(Math.min(8, z)) : z);
      return Math.round(x / step) * step + 0;
    });
  });

/** The same values in another order. */
export function reordered(values: Float64Array, order: number): Float64Array {
  const places = Array.from(values, (_, i) => i).sort((i, j) => ((i * order) % 7919) - ((j * order) % 7919) || i - j);
  return Float64Array.from(places, (i) => values[i]);
}

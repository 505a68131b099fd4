import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { drawn } from '../support/random.ts';

/** Lognormal rows, and so many of another mode in their tail. */
function fitted(rareRows: number, maxComponents: number, seed: number) {
  const values = Float64Array.from([
    ...drawn(200_000, seed, ({ normal }) => Math.exp(3 + 0.8 * normal())),
    ...drawn(rareRows, seed + 100, ({ normal }) => 5000 + 10 * normal()),
  ]);
  const resolution = resolutionOf(values, null);
  return fitMixture(binRows(values, null, resolution), { resolution, maxComponents });
}

describe('a rare mode', () => {
  it.each([5, 20, 200])('of %i rows of 200,000 has a component of its own', (rows) => {
    for (const seed of [1, 2]) {
      const { components } = fitted(rows, 10, seed);
      const rare = components.filter(
        ({ mean, standardDeviation }) => mean > 4900 && mean < 5100 && standardDeviation < 50,
      );
      expect(rare).toHaveLength(1);
      // four standard errors of the mean of so few rows
      expect(Math.abs(rare[0].mean - 5000)).toBeLessThan((4 * 10) / Math.sqrt(rows));
      expect(rare[0].weight * 200_000).toBeCloseTo(rows, -1);
    }
  });

  it('is given room where the components are used up, for at most 0.002 bits', () => {
    const [without, found] = [fitted(0, 9, 3), fitted(20, 9, 3)];
    expect(found.components).toHaveLength(9);
    expect(
      found.components.some(({ mean, standardDeviation }) => Math.abs(mean - 5000) < 20 && standardDeviation < 50),
    ).toBe(true);
    // and the twenty rows themselves, a hundred bits each at most
    expect(found.bitsPerValue! - without.bitsPerValue!).toBeLessThan(0.002 + 0.03 + (100 * 20) / 200_000);
  });

  it('is not seen in a tail without one', () => {
    for (const seed of [4, 5, 6]) {
      for (const { mean, standardDeviation } of fitted(0, 10, seed).components)
        expect(standardDeviation / mean).toBeGreaterThan(0.1);
    }
  });
});

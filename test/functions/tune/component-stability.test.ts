import { describe, expect, it } from 'vitest';
import { componentStability } from '../../../functions/tune/component-stability.ts';
import type { Component } from '../../../shared/contract/model.ts';
import { binRows } from '../../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../../shared/mixture/fit-mixture.ts';
import { randomSource } from '../../../shared/tuning/random-source.ts';
import { gaussian } from '../../support/models.ts';
import { drawn } from '../../support/random.ts';

const rows = 20_000;
const values = drawn(rows, 4, (random) => {
  const mode = random.uniform();
  if (mode < 0.2) return 1234;
  return Math.round(mode < 0.6 ? 100 * random.normal() : 5000 + 50 * random.normal());
});
const bins = binRows(values, null, 1);
const { components } = fitMixture(bins, { resolution: 1, maxComponents: 3 });
const stabilityOf = (model: readonly Component[], changes = {}) =>
  componentStability({
    bins,
    components: model,
    resolution: 1,
    maxComponents: 3,
    preset: 'modemap',
    rows,
    resamples: 25,
    random: randomSource(0, 'x', 'test'),
    ...changes,
  });

describe('componentStability', () => {
  it('calls two separated modes and an atom firm, and knows how far their means are known', () => {
    const stabilities = stabilityOf(components);
    expect(stabilities.map(({ found, word }) => [found, word])).toEqual([
      [1, 'firm'],
      [1, 'firm'],
      [1, 'firm'],
    ]);
    for (const { component, meanSpread, weightSpread } of stabilities) {
      const { weight, standardDeviation } = component;
      // of 25 resamples a spread is known to about 14 %, thrice that is allowed
      const ofMean = standardDeviation / Math.sqrt(rows * weight);
      expect(Math.abs(meanSpread! - ofMean)).toBeLessThanOrEqual(0.42 * ofMean);
      const ofWeight = Math.sqrt((weight * (1 - weight)) / rows);
      expect(Math.abs(weightSpread! - ofWeight)).toBeLessThan(0.42 * ofWeight);
    }
  });

  it('calls a component that the data does not have shaky', () => {
    const stabilities = stabilityOf([...components, gaussian(0.01, 9000, 3)], { resamples: 5 });
    expect(stabilities.at(-1)).toMatchObject({ found: 0, meanSpread: null, weightSpread: null, word: 'shaky' });
  });

  it('leaves out components without weight', () => {
    expect(stabilityOf([...components, gaussian(0, 1, 1)], { resamples: 2 })).toHaveLength(3);
  });

  it('is less sure of fewer rows', () => {
    const [all] = stabilityOf(components);
    const [few] = stabilityOf(components, { rows: 500 });
    expect(few.meanSpread!).toBeGreaterThan(3 * all.meanSpread!);
  });
});

import { describe, expect, it } from 'vitest';
import { randomSource } from '../../shared/tuning/random-source.ts';
import { type SearchName, searchSettings, spreadOver } from '../../shared/tuning/search.ts';

const settings = Array.from({ length: 30 }, (_, i) => i + 1);
const trialsOf = (search: SearchName, budget: number, seed = 1) =>
  searchSettings({ search, settings, budget, random: randomSource(seed, 'x', 'test') }, (setting) => ({
    score: Math.abs(setting - 17),
  }));

describe('searchSettings', () => {
  it('tries as many different settings as the budget says', () => {
    for (const search of ['grid', 'random'] as const)
      for (const budget of [1, 2, 7, 29, 30, 99]) {
        const tried = trialsOf(search, budget).map(({ setting }) => setting);
        expect(new Set(tried).size).toBe(Math.min(30, budget));
        expect(tried).toHaveLength(Math.min(30, budget));
      }
  });

  it('halving gives the best third of a rung three times the resource', () => {
    const trials = trialsOf('halving', 27);
    const rung = (share: number) => trials.filter((trial) => trial.share === share).map(({ setting }) => setting);
    expect(rung(1 / 9)).toHaveLength(27);
    expect(rung(1 / 3)).toEqual([13, 14, 15, 16, 17, 18, 19, 20, 21].filter((n) => rung(1 / 9).includes(n)));
    expect(rung(1)).toEqual([16, 17, 18]);
  });

  it('halving ends with all of the resource, whatever the budget', () => {
    for (const budget of [1, 2, 3, 8, 9, 30]) expect(trialsOf('halving', budget).at(-1)?.share).toBe(1);
  });

  it('random depends on the seed', () => {
    expect(trialsOf('random', 5, 1)).toEqual(trialsOf('random', 5, 1));
    expect(trialsOf('random', 5, 1)).not.toEqual(trialsOf('random', 5, 2));
  });
});

describe('spreadOver', () => {
  it('holds first and last, close together among the first', () => {
    expect(spreadOver(settings, 6)).toEqual([1, 2, 4, 8, 15, 30]);
    expect(spreadOver(settings, 30)).toEqual(settings);
  });
});

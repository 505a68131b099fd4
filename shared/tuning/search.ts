import type { RandomSource } from './random-source.ts';

export type SearchName = 'grid' | 'random' | 'halving';

/** Of the configurations of a rung, one in so many goes on to the next; its resource is as many times larger. */
export const ETA = 3;

/** What a search tries: a setting, and how much of the resource it gets. */
export interface Trial<Setting> {
  setting: Setting;
  /** 1 is all of it; 1/3, 1/9 in the earlier rungs of `halving` */
  share: number;
  /** the lower the better */
  score: number;
}

export interface SearchOptions<Setting> {
  search: SearchName;
  /** all there is, in order: what a grid spreads over */
  settings: readonly Setting[];
  /** settings to try, at least 1 */
  budget: number;
  random: RandomSource;
}

/**
 * Try settings, each of them through `evaluate`.
 *
 * `grid` spreads over the settings, closer among the first; `random` draws them without replacement; `halving` starts
 * from the grid with a small share of the resource and goes on with the best third, until one rung has all of it.
 *
 * @param evaluate gives what a trial scores, the lower the better
 * @returns every trial in the order made; the last rung's are those with a share of 1
 * @see Li et al. (2018), Hyperband: a novel bandit-based approach to hyperparameter optimization, section 3
 */
export function searchSettings<Setting, Result extends { score: number }>(
  { search, settings, budget, random }: SearchOptions<Setting>,
  evaluate: (setting: Setting, share: number) => Result,
): (Trial<Setting> & Result)[] {
  const tried = search === 'random' ? drawnFrom(settings, budget, random) : spreadOver(settings, budget);
  const attempt = (setting: Setting, share: number) => ({ ...evaluate(setting, share), setting, share });
  if (search !== 'halving') return tried.map((setting) => attempt(setting, 1));
  const trials: (Trial<Setting> & Result)[] = [];
  let alive = tried;
  for (let rung = rungsFor(tried.length); rung >= 0; rung--) {
    const results = alive.map((setting) => attempt(setting, ETA ** -rung));
    trials.push(...results);
    const best = results.toSorted((a, b) => a.score - b.score).slice(0, Math.ceil(alive.length / ETA));
    alive = alive.filter((setting) => best.some((result) => result.setting === setting));
  }
  return trials;
}

/** At most two: a ninth of the resource still shows what a setting is worth. */
const MOST_RUNGS = 2;
const rungsFor = (settings: number) => Math.min(MOST_RUNGS, Math.floor(Math.log(settings) / Math.log(ETA) + 1e-9));

/** First and last, and between them each about as many times further on as the one before. */
export function spreadOver<Setting>(settings: readonly Setting[], budget: number): Setting[] {
  const last = settings.length;
  if (budget >= last) return [...settings];
  if (budget === 1) return [settings[last - 1]];
  const chosen: number[] = [];
  for (let i = 0; i < budget; i++) {
    const spread = Math.round(last ** (i / (budget - 1)));
    const before = chosen.at(-1) ?? 0;
    chosen.push(Math.min(Math.max(before + 1, spread), last - (budget - 1 - i)));
  }
  return chosen.map((at) => settings[at - 1]);
}

function drawnFrom<Setting>(settings: readonly Setting[], budget: number, random: RandomSource): Setting[] {
  const left = settings.map((_, at) => at);
  const drawn: number[] = [];
  while (drawn.length < budget && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
  return drawn.sort((a, b) => a - b).map((at) => settings[at]);
}

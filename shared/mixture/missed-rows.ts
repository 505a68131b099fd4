import type { FitData } from './fit-data.ts';
import { componentsOf, type MixtureState, REACHED_DEVIATIONS, type Reach } from './mixture-state.ts';
import { narrowest, REACH } from './unit.ts';

/** Standard deviation as the model will say it: without the step's own. */
export const deviationOf = (data: FitData, variance: number) =>
  Math.sqrt(Math.max(variance - data.stepVariance, narrowest(data.step)));

/** Bins that no Gaussian reaches whole and no atom stands for. */
export function missedBy(data: FitData, state: MixtureState): number[] {
  const intervals = componentsOf(state)
    .filter(({ atomBin }) => atomBin < 0)
    .map(({ mean, variance }) => {
      const reach = REACHED_DEVIATIONS * deviationOf(data, variance) * (1 + 1e-9);
      return { lower: mean - reach, upper: mean + reach };
    })
    .sort((a, b) => a.lower - b.lower);
  const joined: Reach[] = [];
  for (const interval of intervals) {
    const last = joined.at(-1);
    if (last && interval.lower <= last.upper) last.upper = Math.max(last.upper, interval.upper);
    else joined.push({ ...interval });
  }
  const missed: number[] = [];
  for (let b = 0, i = 0; b < data.length; b++) {
    while (i < joined.length && joined[i].upper < data.upper[b]) i++;
    const isReached = i < joined.length && joined[i].lower <= data.lower[b];
    if (!isReached && Math.abs(data.mean[b]) <= REACH && !state.atomBin.includes(b)) missed.push(b);
  }
  return missed;
}

/** Root of the mean square distance, over all rows, of the missed ones from what is reached. */
export function distanceMissed(data: FitData, state: MixtureState, missed: readonly number[]): number {
  let squares = 0;
  for (const b of missed) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < state.weight.length; k++) {
      if (state.atomBin[k] >= 0) continue;
      const beyond = Math.abs(data.mean[b] - state.mean[k]) - REACHED_DEVIATIONS * deviationOf(data, state.variance[k]);
      nearest = Math.min(nearest, Math.max(0, beyond));
    }
    squares += data.count[b] * Math.min(nearest, REACH) ** 2;
  }
  return Math.sqrt(squares / data.total);
}

import { bestMove } from './contest.ts';
import type { FitData } from './fit-data.ts';
import { type Fitted, judged, maximize } from './maximize.ts';
import { GAUSSIAN, gaussianCount, type MixtureState, stateOf } from './mixture-state.ts';
import { momentsOf } from './moments.ts';
import { insertion, type Move } from './move.ts';
import { heavyValues, thinWindows } from './scan.ts';
import { splits } from './split.ts';
import { REACH } from './unit.ts';

/** E-steps of the first Gaussian. */
const FIRST_ITERATIONS = 60;
/** Steps without a rise of the objective that are still taken: the next one may need both. */
const PATIENCE = 2;

/**
 * Grow a mixture one component at a time: try every place where the model is too thin, every value that is too heavy
 * and every split of a Gaussian; keep the best that the objective has seen.
 *
 * @param mostComponents atoms included, at least 1
 */
export function grow(data: FitData, mostComponents: number): Fitted {
  let current = judged(data, maximize(data, oneGaussian(data), FIRST_ITERATIONS));
  let best = current;
  let iterations = current.iterations;
  for (let without = 0; current.state.weight.length < mostComponents && without <= PATIENCE; ) {
    const next = bestMove(data, current.state, growingMoves(data, current.state, mostComponents));
    if (!next) break;
    iterations += next.iterations;
    const grew = next.state.weight.length > current.state.weight.length || next.objective > current.objective;
    current = next;
    without = next.objective > best.objective ? 0 : without + 1;
    if (next.objective > best.objective) best = next;
    if (!grew) break;
  }
  return { ...best, iterations };
}

/** All rows in one Gaussian of their mean and variance; but the ones that no Gaussian could share with the median. */
export function oneGaussian(data: FitData): MixtureState {
  let [start, end] = [0, data.length];
  while (data.mean[start] < -REACH) start++;
  while (data.mean[end - 1] > REACH) end--;
  const { mean, variance } = momentsOf(data, start, end);
  return stateOf([{ weight: 1, mean, variance, atomBin: GAUSSIAN }]);
}

/** Every way to add one component. */
export function growingMoves(data: FitData, state: MixtureState, mostComponents: number): Move[] {
  // an atom must leave room for a Gaussian, which every column has
  const atoms = state.weight.length - gaussianCount(state) + 1 < mostComponents ? heavyValues(data, state) : [];
  return [...[...thinWindows(data, state), ...atoms].map(insertion), ...splits(state)];
}

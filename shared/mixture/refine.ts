import { bestMove, combinedMoves, ranked } from './contest.ts';
import { denseCores } from './dense-core.ts';
import type { FitData } from './fit-data.ts';
import { growingMoves } from './grow.ts';
import type { Fitted } from './maximize.ts';
import { removals } from './move.ts';

const MOST_ROUNDS = 10;
/** A round must gain as many nats a row, and as many ln(rows) in all. */
const LEAST_GAIN = { perRow: 2e-6, perLogRows: 1 };
/** The best of each kind, by what they promise alone, that are paired with one another. */
const BEST_GROWING = 8;
const BEST_REMOVALS = 8;

/**
 * Leave the maximum that growing ended in: take a component from where it is worth least and put one where it is worth
 * most, both at once; remove one that is not worth what it costs; let a Gaussian with a dense core keep the core only.
 *
 * @param mostComponents atoms included, at least 1
 */
export function refine(data: FitData, start: Fitted, mostComponents: number, mostRounds = MOST_ROUNDS): Fitted {
  let best = start;
  let iterations = start.iterations;
  const least = Math.max(LEAST_GAIN.perRow * data.total, LEAST_GAIN.perLogRows * Math.log(data.total));
  for (let round = 0; round < mostRounds; round++) {
    const { state } = best;
    const growing = movesOf(ranked(data, state, growingMoves(data, state, mostComponents + 1)), BEST_GROWING);
    const shrinking = movesOf(ranked(data, state, removals(state)), BEST_REMOVALS);
    const swaps = combinedMoves(growing, shrinking);
    const others = state.weight.length < mostComponents ? growing : [];
    const next = bestMove(data, state, [...swaps, ...denseCores(data, state), ...shrinking, ...others]);
    if (!next) break;
    iterations += next.iterations;
    if (next.objective <= best.objective + least) break;
    best = next;
  }
  return { ...best, iterations };
}

const movesOf = (trials: ReturnType<typeof ranked>, most: number) => trials.slice(0, most).map(({ move }) => move);

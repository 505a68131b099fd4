import type { FitData } from './fit-data.ts';
import { type Fitted, judged, maximize } from './maximize.ts';
import type { MixtureState } from './mixture-state.ts';
import { combined, type Move } from './move.ts';
import { densitiesOf, type Trial, tryMove } from './partial-em.ts';
import { tidied } from './tidy.ts';

/** Steps of the first round, over the moved components alone. */
const FIRST_ROUND = 3;
/** How many moves stay in the second round, and the E-steps that each gets there, over all components. */
const SECOND_ROUND = { candidates: 3, iterations: 15 };
const LAST_ROUND = 30;

/** Moves by what they promise, best first. */
export function ranked(data: FitData, state: MixtureState, moves: readonly Move[]): (Trial & { move: Move })[] {
  const densities = densitiesOf(data, state);
  return moves
    .map((move) => ({ move, ...tryMove(data, densities, move, FIRST_ROUND) }))
    .filter(({ objective }) => Number.isFinite(objective))
    .sort((a, b) => b.objective - a.objective);
}

/** Every move of the first kind with every one of the second that leaves it possible. */
export function combinedMoves(first: readonly Move[], second: readonly Move[]): Move[] {
  return first.flatMap((a) => second.flatMap((b) => combined(a, b) ?? []));
}

/** A contest of moves in three rounds, each of fewer moves and more work; undefined where there is no move. */
export function bestMove(data: FitData, state: MixtureState, moves: readonly Move[]): Fitted | undefined {
  let iterations = 0;
  const counted = (fitted: Fitted) => {
    iterations += fitted.iterations;
    return fitted;
  };
  const climbed = (from: MixtureState, most: number) => counted(judged(data, maximize(data, from, most)));
  const [winner] = ranked(data, state, moves)
    .slice(0, SECOND_ROUND.candidates)
    .map((trial) => climbed(trial.state, SECOND_ROUND.iterations))
    .sort((a, b) => b.objective - a.objective);
  if (!winner) return undefined;
  return { ...counted(tidied(data, climbed(winner.state, LAST_ROUND))), iterations };
}

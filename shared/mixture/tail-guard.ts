import { ranked } from './contest.ts';
import type { FitData } from './fit-data.ts';
import { FINAL_ITERATIONS, type Fitted, judged, maximize } from './maximize.ts';
import { deviationOf, distanceMissed, missedBy } from './missed-rows.ts';
import {
  type ComponentState,
  componentsOf,
  GAUSSIAN,
  gaussianCount,
  REACHED_DEVIATIONS,
  type Reach,
  stateOf,
} from './mixture-state.ts';
import { insertion, moved, removals } from './move.ts';
import { rarestWindow } from './rare-modes.ts';
import { FEWEST_ROWS } from './scan.ts';

/** Rounds in which what is still not reached is given to a Gaussian, and the E-steps of each. */
const MOST_ROUNDS = 25;
const ITERATIONS = 20;
/** Removals that are tried to make room for a cover. */
const REMOVALS = 3;
/** What the guard may cost, in bits a value: more where rows would be far off, in units of the fit. */
const MOST_BITS = { far: 0.03, near: 0.005 };
const FAR = 0.01;

/**
 * Let every row be reached by some Gaussian, so that none is clipped: widen Gaussians to the rows that are just beyond
 * them, or add a *cover*, a wide Gaussian of next to no weight for the rows far out; whichever costs fewer bits.
 *
 * @param mostComponents atoms included, at least 1
 */
export function guardTails(data: FitData, start: Fitted, mostComponents: number): Fitted {
  const missed = missedBy(data, start.state);
  if (missed.length === 0) return start;
  const isFull = start.state.weight.length >= mostComponents;
  const candidates = [
    gaussianCount(start.state) > 0 ? widened(data, start) : undefined,
    ...(isFull ? roomMade(data, start) : [start]).flatMap((room) => covered(data, room)),
  ].filter((candidate) => candidate !== undefined);
  const iterations = candidates.reduce((sum, candidate) => sum + candidate.iterations, start.iterations);
  const [best] = candidates.sort((a, b) => b.logLikelihood - a.logLikelihood);
  const most = distanceMissed(data, start.state, missed) > FAR ? MOST_BITS.far : MOST_BITS.near;
  if (!best || best.logLikelihood < start.logLikelihood - most * Math.LN2 * data.total) return { ...start, iterations };
  const climbed = judged(data, maximize(data, best.state, FINAL_ITERATIONS));
  const final = missedBy(data, climbed.state).length === 0 ? climbed : best;
  return { ...final, iterations: iterations + climbed.iterations };
}

/** Each missed bin is given to the Gaussian that it lies fewest standard deviations from. */
function widened(data: FitData, start: Fitted): Fitted | undefined {
  return untilReached(data, start, (components, missed) => {
    for (const b of missed) {
      const nearest = components
        .filter(({ atomBin }) => atomBin < 0)
        .reduce((a, c) => (deviationsTo(data, c, b) < deviationsTo(data, a, b) ? c : a));
      nearest.reach = joinedReach(nearest.reach, data, b);
    }
    return components;
  });
}

const deviationsTo = (data: FitData, { mean, variance }: ComponentState, b: number) =>
  Math.max(data.upper[b] - mean, mean - data.lower[b]) / deviationOf(data, variance);

/** A cover about each Gaussian's mean that reaches whatever is missed; the likeliest of them. */
function covered(data: FitData, start: Fitted): Fitted[] {
  const missed = missedBy(data, start.state);
  if (missed.length === 0) return [start];
  const reach = missed.reduce<Reach | undefined>((joined, b) => joinedReach(joined, data, b), undefined)!;
  const rows = missed.reduce((sum, b) => sum + data.count[b], 0);
  const means = componentsOf(start.state).flatMap(({ mean, atomBin }) => (atomBin < 0 ? [mean] : []));
  if (means.length === 0) means.push(reach.lower + (reach.upper - reach.lower) / 2);
  const covers = means.map((mean) => {
    // from where it starts to where it must reach, or it would shrink to the few rows that are missed
    const whole = { lower: Math.min(mean, reach.lower), upper: Math.max(mean, reach.upper) };
    const variance = (Math.max(whole.upper - mean, mean - whole.lower) / REACHED_DEVIATIONS) ** 2 + data.stepVariance;
    const weight = Math.max(rows, FEWEST_ROWS) / data.total;
    return insertion({ weight, mean, variance, atomBin: GAUSSIAN, reach: whole });
  });
  const [best] = ranked(data, start.state, covers);
  if (!best) return [];
  const fitted = judged(data, maximize(data, moved(start.state, best.move), ITERATIONS));
  const cover = fitted.state.weight.length - 1;
  const done = untilReached(data, fitted, (components, stillMissed) => {
    for (const b of stillMissed) components[cover].reach = joinedReach(components[cover].reach, data, b);
    return components;
  });
  return done ? [{ ...done, iterations: done.iterations + fitted.iterations }] : [];
}

/** The mixture with one component less, in the cheapest ways that leave rare modes theirs. */
function roomMade(data: FitData, start: Fitted): Fitted[] {
  const hadRareMode = rarestWindow(data, start.state) !== undefined;
  return ranked(data, start.state, removals(start.state))
    .slice(0, REMOVALS)
    .map(({ state }) => judged(data, maximize(data, state, ITERATIONS)))
    .filter(({ state }) => hadRareMode || !rarestWindow(data, state));
}

/** Give what is missed to Gaussians and climb, until nothing is. */
function untilReached(
  data: FitData,
  start: Fitted,
  give: (components: ComponentState[], missed: readonly number[]) => ComponentState[],
): Fitted | undefined {
  let current = start;
  let iterations = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const missed = missedBy(data, current.state);
    if (missed.length === 0) return { ...current, iterations };
    const next = stateOf(give(componentsOf(current.state), missed));
    current = judged(data, maximize(data, next, ITERATIONS));
    iterations += current.iterations;
  }
  return undefined;
}

function joinedReach(reach: Reach | undefined, data: FitData, b: number): Reach {
  const { lower, upper } = reach ?? { lower: Number.POSITIVE_INFINITY, upper: Number.NEGATIVE_INFINITY };
  return { lower: Math.min(lower, data.lower[b]), upper: Math.max(upper, data.upper[b]) };
}

import type { EmWorkspace } from './em-step.ts';
import type { FitData } from './fit-data.ts';
import { climb, type Maximum, maximize } from './maximize.ts';
import {
  type ComponentState,
  componentsOf,
  GAUSSIAN,
  gaussianCount,
  type MixtureState,
  penaltyOf,
  stateOf,
} from './mixture-state.ts';
import { momentsOf } from './moments.ts';
import { FEWEST_ROWS, heavyValues, thinWindows } from './scan.ts';
import { inserted, splits } from './split.ts';
import { REACH } from './unit.ts';

/** A maximum with what the number of its components costs taken off: what states of different size are compared by. */
export interface Fitted extends Maximum {
  objective: number;
}

/** E-steps that a candidate gets in each round of the contest, and how many candidates stay in it. */
const FIRST_ROUND = 6;
const SECOND_ROUND = { candidates: 3, iterations: 30 };
const LAST_ROUND = 60;
/** Steps without a rise of the objective that are still taken: the next one may need both. */
const PATIENCE = 2;
/** A Gaussian whose variance is below this many times a step's is tried as an atom. */
const NARROW = 9;

/**
 * Grow a mixture one component at a time: try every place where the model is too thin, every value that is too heavy
 * and every split of a Gaussian; keep the best that the objective has seen.
 *
 * @param mostComponents atoms included, at least 1
 */
export function grow(data: FitData, mostComponents: number, workspace: EmWorkspace): Fitted {
  let current = judged(data, maximize(data, oneGaussian(data), LAST_ROUND, workspace));
  let best = current;
  let iterations = current.iterations;
  for (let without = 0; current.state.weight.length < mostComponents && without <= PATIENCE; ) {
    const next = bestOf(data, candidatesFor(data, current.state, mostComponents), workspace);
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

function candidatesFor(data: FitData, state: MixtureState, mostComponents: number): ComponentState[][] {
  // an atom must leave room for a Gaussian, which every column has
  const atoms = state.weight.length - gaussianCount(state) + 1 < mostComponents ? heavyValues(data, state) : [];
  const insertions = [...thinWindows(data, state), ...atoms].map((component) => inserted(state, component));
  return [...insertions, ...splits(state)];
}

/** A contest in three rounds, each of fewer candidates and more iterations. */
function bestOf(data: FitData, candidates: ComponentState[][], workspace: EmWorkspace): Fitted | undefined {
  let iterations = 0;
  const counted = (fitted: Fitted) => {
    iterations += fitted.iterations;
    return fitted;
  };
  const first = candidates.map((candidate) =>
    counted(judged(data, climb(data, stateOf(candidate), FIRST_ROUND, workspace))),
  );
  const second = first
    .sort((a, b) => b.objective - a.objective)
    .slice(0, SECOND_ROUND.candidates)
    .map(({ state }) => counted(judged(data, maximize(data, state, SECOND_ROUND.iterations, workspace))));
  const [winner] = second.sort((a, b) => b.objective - a.objective);
  if (!winner) return undefined;
  const last = counted(judged(data, maximize(data, winner.state, LAST_ROUND, workspace)));
  return { ...counted(tidied(data, last, workspace)), iterations };
}

/** Drop components that hardly any row is left to, and try Gaussians as narrow as a step as atoms. */
export function tidied(data: FitData, fitted: Fitted, workspace: EmWorkspace): Fitted {
  let result = dropped(data, fitted, workspace);
  for (let k = 0; k < result.state.weight.length; k++) {
    const atom = asAtom(data, result.state, k);
    if (!atom) continue;
    const tried = judged(data, maximize(data, stateOf(atom), SECOND_ROUND.iterations, workspace));
    if (tried.objective > result.objective) result = { ...tried, iterations: result.iterations + tried.iterations };
  }
  return dropped(data, result, workspace);
}

function dropped(data: FitData, fitted: Fitted, workspace: EmWorkspace): Fitted {
  const components = componentsOf(fitted.state);
  const kept = components.filter(({ weight }) => weight * data.total >= FEWEST_ROWS);
  if (kept.length === components.length || kept.length === 0) return fitted;
  const again = judged(data, maximize(data, stateOf(kept), SECOND_ROUND.iterations, workspace));
  const iterations = fitted.iterations + again.iterations;
  // a row so far out that its Gaussian's loss would widen the others costs more than the Gaussian does
  return again.objective >= fitted.objective ? { ...again, iterations } : { ...fitted, iterations };
}

/** The components with the k-th as an atom of its nearest exact bin, where it is narrow enough for that. */
function asAtom(data: FitData, state: MixtureState, k: number): ComponentState[] | undefined {
  if (state.atomBin[k] >= 0 || state.variance[k] >= NARROW * data.stepVariance || gaussianCount(state) < 2)
    return undefined;
  let nearest = -1;
  for (let b = 0; b < data.length; b++) {
    if (data.exact[b] === 0 || state.atomBin.includes(b)) continue;
    if (nearest < 0 || Math.abs(data.mean[b] - state.mean[k]) < Math.abs(data.mean[nearest] - state.mean[k]))
      nearest = b;
  }
  if (nearest < 0) return undefined;
  return componentsOf(state).map((component, j) =>
    j === k ? { ...component, mean: data.mean[nearest], variance: 0, atomBin: nearest } : component,
  );
}

export function judged(data: FitData, maximum: Maximum): Fitted {
  return { ...maximum, objective: maximum.logLikelihood - penaltyOf(maximum.state, data.total) };
}

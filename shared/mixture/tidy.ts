import { emStep } from './em-step.ts';
import type { FitData } from './fit-data.ts';
import { FINAL_ITERATIONS, type Fitted, judged, maximize } from './maximize.ts';
import { missedBy } from './missed-rows.ts';
import {
  type ComponentState,
  componentsOf,
  emptyLike,
  gaussianCount,
  type MixtureState,
  stateOf,
} from './mixture-state.ts';
import { expectedAt, FEWEST_ROWS, isHeavy, isNarrow } from './scan.ts';

/** E-steps after a component has gone or has become an atom. */
const ITERATIONS = 30;

/** Drop components that hardly any row is left to; Gaussians as narrow as a step become atoms, or go. */
export function tidied(data: FitData, fitted: Fitted): Fitted {
  let result = dropped(data, fitted);
  for (let k = 0; k < result.state.weight.length; k++) {
    const atom = asAtom(data, result.state, k);
    if (!atom) continue;
    const tried = judged(data, maximize(data, stateOf(atom), ITERATIONS));
    if (tried.objective > result.objective) result = { ...tried, iterations: result.iterations + tried.iterations };
  }
  return dropped(data, result);
}

/**
 * The mixture without components of fewer than five rows, whatever they are worth: nothing is known of them. Where that
 * leaves rows that no Gaussian reaches, the others stay as they are: those rows would widen them.
 */
export function withoutFewRows(data: FitData, fitted: Fitted): Fitted {
  const components = componentsOf(fitted.state);
  const kept = components.filter((component) => !hasFewRows(data, component));
  if (kept.length === components.length || kept.length === 0) return fitted;
  const state = stateOf(kept);
  if (missedBy(data, state).length === 0) return judged(data, maximize(data, state, FINAL_ITERATIONS));
  const logLikelihood = emStep(data, state, emptyLike(state));
  return judged(data, { ...fitted, state, logLikelihood });
}

/** Responsibilities leave a component of five rows with a little less. */
const hasFewRows = ({ total }: FitData, { weight }: ComponentState) => weight * total < FEWEST_ROWS - 0.5;

function dropped(data: FitData, fitted: Fitted): Fitted {
  const components = componentsOf(fitted.state);
  const kept = components.filter((component) => !hasFewRows(data, component));
  if (kept.length === components.length || kept.length === 0) return fitted;
  const again = judged(data, maximize(data, stateOf(kept), ITERATIONS));
  const iterations = fitted.iterations + again.iterations;
  // a row so far out that its Gaussian's loss would widen the others costs more than the Gaussian does
  return again.objective >= fitted.objective ? { ...again, iterations } : { ...fitted, iterations };
}

/** The components with the k-th as an atom of its nearest exact bin, where it is narrow enough for that. */
function asAtom(data: FitData, state: MixtureState, k: number): ComponentState[] | undefined {
  if (state.atomBin[k] >= 0 || !isNarrow(data, state.variance[k]) || gaussianCount(state) < 2) return undefined;
  let nearest = -1;
  for (let b = 0; b < data.length; b++) {
    if (data.exact[b] === 0 || state.atomBin.includes(b)) continue;
    if (nearest < 0 || Math.abs(data.mean[b] - state.mean[k]) < Math.abs(data.mean[nearest] - state.mean[k]))
      nearest = b;
  }
  if (nearest < 0) return undefined;
  const components = componentsOf(state);
  const others = components.filter((_, j) => j !== k);
  if (!isHeavy(data, data.count[nearest], expectedAt(data, stateOf(others), nearest))) return undefined;
  return components.map((component, j) =>
    j === k ? { ...component, mean: data.mean[nearest], variance: 0, atomBin: nearest } : component,
  );
}

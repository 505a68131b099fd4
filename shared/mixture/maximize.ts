import { emStep } from './em-step.ts';
import type { FitData } from './fit-data.ts';
import { emptyLike, type MixtureState, penaltyOf } from './mixture-state.ts';

/** A state and its log-likelihood, in nats over all rows. */
export interface Maximum {
  state: MixtureState;
  logLikelihood: number;
  /** E-steps spent */
  iterations: number;
  converged: boolean;
}

/** A maximum with what the number of its components costs taken off: what states of different size are compared by. */
export interface Fitted extends Maximum {
  objective: number;
}

export function judged(data: FitData, maximum: Maximum): Fitted {
  return { ...maximum, objective: maximum.logLikelihood - penaltyOf(maximum.state, data.total) };
}

/** E-steps of the last climb. */
export const FINAL_ITERATIONS = 3000;

/** Gain, in nats a row and iteration, below which the likelihood counts as at rest if it happens twice running. */
const AT_REST = 1e-7;
const FIRST_STEP_LIMIT = 4;
const SMALLEST_STEP_LIMIT = 2;
/** An extrapolation may change a variance by at most e to this power. */
const MOST_LOG_VARIANCE = 3;

/**
 * Climb to a maximum of the likelihood: expectation-maximization, extrapolated along its own path. An extrapolation
 * that would lower the likelihood is dropped, so it never falls.
 *
 * @param mostIterations E-steps to spend at most
 * @see Varadhan and Roland (2008), Simple and globally convergent methods for accelerating the convergence of any EM algorithm
 */
export function maximize(data: FitData, start: MixtureState, mostIterations: number): Maximum {
  let state = start;
  let logLikelihood = Number.NEGATIVE_INFINITY;
  let stepLimit = FIRST_STEP_LIMIT;
  let iterations = 0;
  let restful = 0;
  while (iterations + 2 <= mostIterations) {
    const first = emptyLike(state);
    const before = emStep(data, state, first);
    const second = emptyLike(state);
    const between = emStep(data, first, second);
    iterations += 2;
    let spent = 2;
    const { extrapolated, step } = extrapolate(data, state, first, second, stepLimit);
    let accepted = second;
    if (step > 1 && iterations < mostIterations) {
      const next = emptyLike(state);
      const reached = emStep(data, extrapolated, next);
      iterations++;
      spent++;
      if (reached >= between) {
        accepted = next;
        if (step === stepLimit) stepLimit *= 4;
      } else stepLimit = Math.max(SMALLEST_STEP_LIMIT, stepLimit / 2);
    }
    const gain = (before - logLikelihood) / data.total;
    logLikelihood = before;
    state = accepted;
    restful = gain < AT_REST * spent && Number.isFinite(gain) ? restful + 1 : 0;
    if (restful === 2) return { ...evaluated(data, state), iterations, converged: true };
  }
  return { ...evaluated(data, state), iterations, converged: false };
}

function evaluated(data: FitData, state: MixtureState) {
  return { state, logLikelihood: emStep(data, state, emptyLike(state)) };
}

/** theta = (ln weight, mean, ln variance); r = theta1 - theta0, v = theta2 - 2 theta1 + theta0, step = |r| / |v|. */
function extrapolate(data: FitData, start: MixtureState, first: MixtureState, second: MixtureState, stepLimit: number) {
  const components = start.weight.length;
  let [r2, v2] = [0, 0];
  const measure = (a: number, b: number, c: number, unit: number) => {
    const r = (b - a) / unit;
    const v = (c - 2 * b + a) / unit;
    r2 += r * r;
    v2 += v * v;
  };
  for (let k = 0; k < components; k++) {
    measure(Math.log(start.weight[k]), Math.log(first.weight[k]), Math.log(second.weight[k]), 1);
    if (start.atomBin[k] >= 0) continue;
    measure(start.mean[k], first.mean[k], second.mean[k], Math.sqrt(start.variance[k]));
    measure(Math.log(start.variance[k]), Math.log(first.variance[k]), Math.log(second.variance[k]), 2);
  }
  const step = v2 > 0 ? Math.min(stepLimit, Math.max(1, Math.sqrt(r2 / v2))) : 1;
  const along = (a: number, b: number, c: number) => a + 2 * step * (b - a) + step * step * (c - 2 * b + a);
  const extrapolated = emptyLike(start);
  let total = 0;
  for (let k = 0; k < components; k++) {
    extrapolated.weight[k] = Math.exp(
      Math.min(0, along(Math.log(start.weight[k]), Math.log(first.weight[k]), Math.log(second.weight[k]))),
    );
    extrapolated.weight[k] = Math.max(extrapolated.weight[k], Number.MIN_VALUE);
    total += extrapolated.weight[k];
    extrapolated.mean[k] = start.atomBin[k] >= 0 ? start.mean[k] : along(start.mean[k], first.mean[k], second.mean[k]);
    if (start.atomBin[k] >= 0) continue;
    const from = Math.log(start.variance[k]);
    const to = along(from, Math.log(first.variance[k]), Math.log(second.variance[k]));
    const change = Math.min(MOST_LOG_VARIANCE, Math.max(-MOST_LOG_VARIANCE, to - from));
    extrapolated.variance[k] = Math.max(data.stepVariance, start.variance[k] * Math.exp(change));
  }
  for (let k = 0; k < components; k++) extrapolated.weight[k] /= total;
  return { extrapolated, step };
}

import { emLoops } from './em-loops.ts';
import type { FitData } from './fit-data.ts';
import { type MixtureState, REACHED_DEVIATIONS } from './mixture-state.ts';

/** A component keeps its place where (almost) no row is left to it. */
export const NO_ROWS = 1e-12;

/**
 * One iteration of expectation-maximization over bins: responsibilities of `state`, then the parameters that maximize
 * under them, written to `next`.
 *
 * The values of a bin share their responsibilities, L_bk = ln w_k - ln(2 pi v_k)/2 - (s_b + (a_b - m_k)^2) / (2 v_k);
 * an atom has L = ln w - ln step on its own bin and none elsewhere. A Gaussian that must reach a point stays wide enough.
 *
 * @returns the log-likelihood of `state`, in nats over all rows
 * @see Kurihara, Welling and Vlassis (2006), Accelerated variational Dirichlet process mixtures
 */
export function emStep(data: FitData, state: MixtureState, next: MixtureState): number {
  const { weight, mean, variance, atomBin } = state;
  const loops = emLoops();
  loops.load(data);
  loops.fixed.fill(Number.NEGATIVE_INFINITY);
  const logStep = Math.log(data.step);
  let gaussians = 0;
  for (let k = 0; k < weight.length; k++) {
    if (atomBin[k] >= 0) {
      loops.fixed[atomBin[k]] = Math.log(weight[k]) - logStep;
      continue;
    }
    loops.centre[gaussians] = mean[k];
    loops.constant[gaussians] = Math.log(weight[k]) - 0.5 * Math.log(2 * Math.PI * variance[k]);
    loops.halfPrecision[gaussians] = 0.5 / variance[k];
    loops.atomBin[gaussians++] = -1;
  }
  const logLikelihood = loops.iterate(gaussians, 0, false);
  let j = 0;
  for (let k = 0; k < weight.length; k++) {
    if (atomBin[k] >= 0) {
      next.weight[k] = Math.max(loops.rowsOf(atomBin[k]) / data.total, Number.MIN_VALUE);
      next.mean[k] = mean[k];
      next.variance[k] = 0;
    } else maximizeGaussian(data, state, next, k, loops.moments, 4 * j++);
  }
  return logLikelihood;
}

/** The M-step of a Gaussian: moments of its responsibilities, as wide at least as what it must reach. */
function maximizeGaussian(
  { total, stepVariance }: FitData,
  state: MixtureState,
  next: MixtureState,
  k: number,
  moments: Float64Array,
  at: number,
): void {
  const rows = moments[at];
  const offset = moments[at + 1];
  const spread = moments[at + 2];
  const isEmpty = rows <= NO_ROWS;
  const shift = isEmpty ? 0 : offset / rows;
  next.weight[k] = Math.max(rows / total, Number.MIN_VALUE);
  next.mean[k] = state.mean[k] + shift;
  const own = isEmpty ? state.variance[k] : spread / rows - shift * shift;
  const farthest = Math.max(state.reachUpper[k] - next.mean[k], next.mean[k] - state.reachLower[k], 0);
  const needed = farthest / REACHED_DEVIATIONS;
  next.variance[k] = Math.max(stepVariance + needed * needed, own);
}

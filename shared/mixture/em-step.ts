import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../numeric/exp-share.ts';
import type { FitData } from './fit-data.ts';
import { type MixtureState, REACHED_DEVIATIONS } from './mixture-state.ts';
import { REACH } from './unit.ts';

/** What a row counts, in nats, that no Gaussian reaches and no atom holds. */
const OUT_OF_REACH = -1e6;
/** A component keeps its place where (almost) no row is left to it. */
const NO_ROWS = 1e-12;

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
export function emStep(data: FitData, state: MixtureState, next: MixtureState, workspace: EmWorkspace): number {
  const { length, count, mean: binMean, variance: binVariance, stepVariance, total } = data;
  const { weight, mean, variance, atomBin, reachLower, reachUpper } = state;
  const components = weight.length;
  const { constant, halfPrecision, share, rows, offset, spread, atomOfBin } = workspace;
  for (let k = 0; k < components; k++) {
    rows[k] = 0;
    offset[k] = 0;
    spread[k] = 0;
    if (atomBin[k] >= 0) {
      atomOfBin[atomBin[k]] = k + 1;
      constant[k] = Math.log(weight[k]) - Math.log(data.step);
      halfPrecision[k] = 0;
    } else {
      constant[k] = Math.log(weight[k]) - 0.5 * Math.log(2 * Math.PI * variance[k]);
      halfPrecision[k] = 0.5 / variance[k];
    }
  }
  const table = EXP_TABLE;
  let logLikelihood = 0;
  for (let b = 0; b < length; b++) {
    const a = binMean[b];
    const s = binVariance[b];
    const atom = atomOfBin[b] - 1;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      if (atomBin[k] >= 0 && k !== atom) {
        share[k] = Number.NEGATIVE_INFINITY;
        continue;
      }
      const d = a - mean[k];
      const density = k === atom ? constant[k] : constant[k] - (s + d * d) * halfPrecision[k];
      share[k] = density;
      if (density > largest) largest = density;
    }
    if (largest === Number.NEGATIVE_INFINITY || (atom < 0 && Math.abs(a) > REACH)) {
      logLikelihood += count[b] * OUT_OF_REACH;
      continue;
    }
    let sum = 0;
    for (let k = 0; k < components; k++) {
      const relative = share[k] - largest;
      share[k] = relative > NEGLIGIBLE_LOG ? expShare(relative, table) : 0;
      sum += share[k];
    }
    const n = count[b];
    logLikelihood += n * (largest + Math.log(sum));
    const scale = n / sum;
    for (let k = 0; k < components; k++) {
      if (share[k] === 0) continue;
      const r = scale * share[k];
      const d = a - mean[k];
      rows[k] += r;
      offset[k] += r * d;
      spread[k] += r * (s + d * d);
    }
  }
  for (let k = 0; k < components; k++) {
    if (atomBin[k] >= 0) atomOfBin[atomBin[k]] = 0;
    next.weight[k] = Math.max(rows[k] / total, Number.MIN_VALUE);
    const isEmpty = rows[k] <= NO_ROWS;
    const shift = isEmpty ? 0 : offset[k] / rows[k];
    next.mean[k] = atomBin[k] >= 0 ? mean[k] : mean[k] + shift;
    if (atomBin[k] >= 0) next.variance[k] = 0;
    else {
      const own = isEmpty ? variance[k] : spread[k] / rows[k] - shift * shift;
      const farthest = Math.max(reachUpper[k] - next.mean[k], next.mean[k] - reachLower[k], 0) / REACHED_DEVIATIONS;
      next.variance[k] = Math.max(stepVariance + farthest * farthest, own);
    }
  }
  return logLikelihood;
}

/** Buffers of the inner loops, allocated once a fit. */
export interface EmWorkspace {
  constant: Float64Array;
  halfPrecision: Float64Array;
  share: Float64Array;
  /** responsibilities summed over rows; first and second moments about the mean before the step */
  rows: Float64Array;
  offset: Float64Array;
  spread: Float64Array;
  /** component + 1 of the atom on each bin, else 0 */
  atomOfBin: Int32Array;
}

/** @param mostComponents that any state of the fit will have */
export function makeWorkspace({ length }: FitData, mostComponents: number): EmWorkspace {
  const array = () => new Float64Array(mostComponents);
  return {
    constant: array(),
    halfPrecision: array(),
    share: array(),
    rows: array(),
    offset: array(),
    spread: array(),
    atomOfBin: new Int32Array(length),
  };
}

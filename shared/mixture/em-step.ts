import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../numeric/exp-share.ts';
import type { FitData } from './fit-data.ts';
import { type MixtureState, REACHED_DEVIATIONS } from './mixture-state.ts';
import { REACH } from './unit.ts';

/** What a row counts, in nats, that no Gaussian reaches and no atom holds. */
export const OUT_OF_REACH = -1e6;
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
export function emStep(data: FitData, state: MixtureState, next: MixtureState, workspace: EmWorkspace): number {
  const { length, count, mean: binMean, variance: binVariance } = data;
  const { weight, mean, variance, atomBin } = state;
  const { index, constant, halfPrecision, centre, share, rows, offset, spread, atomOfBin, atomRows } = workspace;
  const table = EXP_TABLE;
  let gaussians = 0;
  for (let k = 0; k < weight.length; k++) {
    atomRows[k] = 0;
    if (atomBin[k] >= 0) {
      atomOfBin[atomBin[k]] = k + 1;
      continue;
    }
    index[gaussians] = k;
    rows[gaussians] = 0;
    offset[gaussians] = 0;
    spread[gaussians] = 0;
    centre[gaussians] = mean[k];
    constant[gaussians] = Math.log(weight[k]) - 0.5 * Math.log(2 * Math.PI * variance[k]);
    halfPrecision[gaussians] = 0.5 / variance[k];
    gaussians++;
  }
  const logStep = Math.log(data.step);
  let logLikelihood = 0;
  for (let b = 0; b < length; b++) {
    const a = binMean[b];
    const s = binVariance[b];
    const n = count[b];
    const atom = atomOfBin[b] - 1;
    const ofAtom = atom >= 0 ? Math.log(weight[atom]) - logStep : Number.NEGATIVE_INFINITY;
    let largest = ofAtom;
    for (let j = 0; j < gaussians; j++) {
      const d = a - centre[j];
      const density = constant[j] - (s + d * d) * halfPrecision[j];
      share[j] = density;
      if (density > largest) largest = density;
    }
    if (largest === Number.NEGATIVE_INFINITY || (atom < 0 && Math.abs(a) > REACH)) {
      logLikelihood += n * OUT_OF_REACH;
      continue;
    }
    const shareOfAtom = ofAtom - largest > NEGLIGIBLE_LOG ? expShare(ofAtom - largest, table) : 0;
    let sum = shareOfAtom;
    for (let j = 0; j < gaussians; j++) {
      const relative = share[j] - largest;
      const own = relative > NEGLIGIBLE_LOG ? expShare(relative, table) : 0;
      share[j] = own;
      sum += own;
    }
    logLikelihood += n * (largest + Math.log(sum));
    const scale = n / sum;
    if (atom >= 0) atomRows[atom] = scale * shareOfAtom;
    for (let j = 0; j < gaussians; j++) {
      const r = scale * share[j];
      const d = a - centre[j];
      rows[j] += r;
      offset[j] += r * d;
      spread[j] += r * (s + d * d);
    }
  }
  for (let k = 0; k < weight.length; k++) {
    if (atomBin[k] < 0) continue;
    atomOfBin[atomBin[k]] = 0;
    next.weight[k] = Math.max(atomRows[k] / data.total, Number.MIN_VALUE);
    next.mean[k] = mean[k];
    next.variance[k] = 0;
  }
  for (let j = 0; j < gaussians; j++) maximizeGaussian(data, state, next, workspace, j);
  return logLikelihood;
}

/** The M-step of the j-th Gaussian: moments of its responsibilities, as wide at least as what it must reach. */
function maximizeGaussian(
  { total, stepVariance }: FitData,
  state: MixtureState,
  next: MixtureState,
  { index, rows, offset, spread }: EmWorkspace,
  j: number,
): void {
  const k = index[j];
  const isEmpty = rows[j] <= NO_ROWS;
  const shift = isEmpty ? 0 : offset[j] / rows[j];
  next.weight[k] = Math.max(rows[j] / total, Number.MIN_VALUE);
  next.mean[k] = state.mean[k] + shift;
  const own = isEmpty ? state.variance[k] : spread[j] / rows[j] - shift * shift;
  const farthest = Math.max(state.reachUpper[k] - next.mean[k], next.mean[k] - state.reachLower[k], 0);
  const needed = farthest / REACHED_DEVIATIONS;
  next.variance[k] = Math.max(stepVariance + needed * needed, own);
}

/** Buffers of the inner loops, allocated once a fit; the Gaussians stand in them without gaps. */
export interface EmWorkspace {
  /** component that each Gaussian is */
  index: Int32Array;
  constant: Float64Array;
  halfPrecision: Float64Array;
  centre: Float64Array;
  share: Float64Array;
  /** responsibilities summed over rows; first and second moments about the mean before the step */
  rows: Float64Array;
  offset: Float64Array;
  spread: Float64Array;
  /** component + 1 of the atom on each bin, else 0 */
  atomOfBin: Int32Array;
  /** responsibilities of each component that is an atom */
  atomRows: Float64Array;
}

/** @param mostComponents that any state of the fit will have */
export function makeWorkspace({ length }: FitData, mostComponents: number): EmWorkspace {
  const array = () => new Float64Array(mostComponents);
  return {
    index: new Int32Array(mostComponents),
    constant: array(),
    halfPrecision: array(),
    centre: array(),
    share: array(),
    rows: array(),
    offset: array(),
    spread: array(),
    atomOfBin: new Int32Array(length),
    atomRows: array(),
  };
}

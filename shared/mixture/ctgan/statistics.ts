import type { CtganData } from './ctgan-data.ts';
import { expectedLogScales, type Posterior } from './posterior.ts';

/** Responsibilities summed over rows, and their moments about the means of a posterior. */
export interface Statistics {
  rows: Float64Array;
  offset: Float64Array;
  spread: Float64Array;
  /** - sum r ln r over rows and components */
  entropy: number;
  /** buffers of the E step */
  logScales: Float64Array;
  shares: Float64Array;
}

export function makeStatistics(nComponents: number): Statistics {
  const array = () => new Float64Array(nComponents);
  return { rows: array(), offset: array(), spread: array(), entropy: 0, logScales: array(), shares: array() };
}

/**
 * The E step: responsibilities under `posterior`, summed up into `statistics`. The values of a bin share theirs,
 * L_bk = g_k - (s_b + (a_b - m_k)^2) / (2 v_k), which is exact where a bin is one value.
 *
 * Sums are additive over disjoint bins.
 *
 * @see Kurihara, Welling and Vlassis (2006), Accelerated variational Dirichlet process mixtures
 */
export function sumResponsibilities(data: CtganData, posterior: Posterior, statistics: Statistics): void {
  const { nComponents, mean, covariance } = posterior;
  const { rows, offset, spread, logScales, shares } = statistics;
  expectedLogScales(posterior, logScales);
  clear(statistics);
  let entropy = 0;
  for (let b = 0; b < data.length; b++) {
    const a = data.mean[b];
    const s = data.variance[b];
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < nComponents; k++) {
      const d = a - mean[k];
      const density = logScales[k] - (0.5 * (s + d * d)) / covariance[k];
      shares[k] = density;
      if (density > largest) largest = density;
    }
    let sum = 0;
    let weighted = 0;
    for (let k = 0; k < nComponents; k++) {
      const relative = shares[k] - largest;
      shares[k] = Math.exp(relative);
      sum += shares[k];
      weighted += shares[k] * relative;
    }
    const n = data.count[b];
    entropy += n * (Math.log(sum) - weighted / sum);
    const scale = n / sum;
    for (let k = 0; k < nComponents; k++) {
      if (shares[k] === 0) continue;
      const r = scale * shares[k];
      const d = a - mean[k];
      rows[k] += r;
      offset[k] += r * d;
      spread[k] += r * (s + d * d);
    }
  }
  statistics.entropy = entropy;
}

/**
 * The statistics of hard labels, about the means of the labels' rows, which are written to `posterior`.
 *
 * @param labels of the bins, in 0..nComponents - 1
 */
export function sumLabels(data: CtganData, labels: Int32Array, posterior: Posterior, statistics: Statistics): void {
  const { mean } = posterior;
  const { rows, offset, spread } = statistics;
  clear(statistics);
  for (let b = 0; b < data.length; b++) {
    rows[labels[b]] += data.count[b];
    offset[labels[b]] += data.count[b] * data.mean[b];
  }
  for (let k = 0; k < mean.length; k++) mean[k] = rows[k] > 0 ? offset[k] / rows[k] : 0;
  offset.fill(0);
  for (let b = 0; b < data.length; b++) {
    const k = labels[b];
    const d = data.mean[b] - mean[k];
    offset[k] += data.count[b] * d;
    spread[k] += data.count[b] * (data.variance[b] + d * d);
  }
}

function clear(statistics: Statistics): void {
  statistics.rows.fill(0);
  statistics.offset.fill(0);
  statistics.spread.fill(0);
  statistics.entropy = 0;
}

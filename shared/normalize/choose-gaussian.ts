import { type DrawKeys, uniform } from '../numeric/draw.ts';
import { expNonPositive } from '../numeric/exp.ts';
import type { GaussianTable } from './gaussian-table.ts';

/** Position in the table of the Gaussian for a finite x at a row of its object. */
export type ChooseGaussian = (x: number, keys: DrawKeys, row: number) => number;

/**
 * The choice among Gaussians before anything is said of clipping: by the largest L_k = logScale_k - ((x - mean_k) / sd_k)^2 / 2,
 * or by a draw from the responsibilities, which are exp(L_k) over their sum.
 *
 * Where x is so far from all of them that no L_k is a number above -Infinity, the nearest in standard deviations.
 *
 * @see docs/format.md, "The choice"
 */
export function makeChoice(gaussians: GaussianTable, choose: 'sample' | 'argmax'): ChooseGaussian {
  const { count } = gaussians;
  const shares = new Float64Array(count);
  const isDrawn = choose === 'sample';
  return (x, { k0, k1 }, row) => {
    const best = logDensities(gaussians, x, shares);
    if (best < 0) return gaussians.nearest(x);
    if (!isDrawn) return best;
    const largest = shares[best];
    let total = 0;
    for (let k = 0; k < count; k++) {
      total += expNonPositive(shares[k] - largest);
      shares[k] = total;
    }
    const threshold = uniform(k0, k1, row) * total;
    let drawn = 0;
    while (drawn < count - 1 && threshold >= shares[drawn]) drawn++;
    return drawn;
  };
}

/**
 * L_k of every Gaussian for a finite x.
 *
 * @param into [count]
 * @returns position of the first of the largest, or -1 where none is above -Infinity
 */
export function logDensities(gaussians: GaussianTable, x: number, into: Float64Array): number {
  const { count, means, inverses, logScales } = gaussians;
  let best = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    const deviation = (x - means[k]) * inverses[k];
    const logDensity = logScales[k] - 0.5 * (deviation * deviation);
    into[k] = logDensity;
    if (logDensity > largest) {
      largest = logDensity;
      best = k;
    }
  }
  return best;
}

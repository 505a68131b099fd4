import { expNonPositive } from '../numeric/exp.ts';
import type { CellGrid, Demand } from './cell-grid.ts';
import { logDensities } from './choose-gaussian.ts';
import type { GaussianTable } from './gaussian-table.ts';

/** Components are looked at from -6 to 6 standard deviations; beyond, cells hold next to nothing. */
const REACH = 6;
/** Points of all components together are at most about so many. */
const MOST_POINTS = 1024;
const NARROWEST_SPACING = 0.25;
/** What a cell has to save: nanoseconds a value. Rough prices of a value whose tier is the second, the third, an atom's. */
const WORTH = 1e-4;
const SECOND_TIER = 8;
const THIRD_TIER = 100;

/**
 * How narrow cells have to be, all over a mixture.
 *
 * In a cell of width w a share w G of the values needs the second tier and about w^2 M / 4 the third, with G and M the
 * bounds of the slope and the curvature of cumulative shares; a part rho w of all values lies in the cell. Halving w
 * is worth a cell while it saves more than {@link WORTH}.
 */
export function demandsOf(
  gaussians: GaussianTable,
  atoms: Float64Array,
  range: Pick<CellGrid, 'low' | 'scale'>,
): Demand[] {
  const { count, means, standardDeviations, logScales } = gaussians;
  const { low, scale } = range;
  const local = new LocalBends(gaussians, scale);
  const demands: Demand[] = [];
  const spacing = Math.max(NARROWEST_SPACING, (2 * REACH * count) / MOST_POINTS);
  for (let k = 0; k < count; k++) {
    if (logScales[k] === Number.NEGATIVE_INFINITY) continue;
    for (let t = -REACH; t <= REACH; t += spacing) {
      const x = means[k] + t * standardDeviations[k];
      const deviation = standardDeviations[k] * scale;
      const width = Math.min(local.widthAt(x), deviation);
      demands.push({ at: (x - low) * scale, reach: (spacing / 2) * deviation, width });
    }
  }
  // an atom's cell is decided value by value
  for (const x of atoms) demands.push({ at: (x - low) * scale, reach: 0, width: local.widthAround(x) });
  return demands;
}

/** The bends of the cumulative shares at a point. */
class LocalBends {
  readonly #gaussians: GaussianTable;
  readonly #scale: number;
  readonly #shares: Float64Array;
  #density = 0;

  constructor(gaussians: GaussianTable, scale: number) {
    this.#gaussians = gaussians;
    this.#scale = scale;
    this.#shares = new Float64Array(gaussians.count);
  }

  /** Width of a cell, in positions. */
  widthAt(x: number): number {
    const r = this.#evaluate(x);
    if (r < 0) return Number.POSITIVE_INFINITY;
    const { count, means, inverses } = this.#gaussians;
    const shares = this.#shares;
    const slopeOf = (k: number) => (((means[k] - x) * inverses[k]) / this.#scale) * inverses[k];
    const reference = slopeOf(r);
    let slope = 0;
    let curvature = 0;
    for (let k = 0; k < count; k++) {
      if (k === r || shares[k] === 0) continue;
      const difference = Math.abs(slopeOf(k) - reference);
      slope += shares[k] * difference;
      curvature += shares[k] * (difference * difference + (inverses[k] / this.#scale) ** 2);
    }
    const byCurvature = Math.cbrt(WORTH / (THIRD_TIER * this.#density * curvature));
    return Math.min(byCurvature, Math.sqrt(WORTH / (SECOND_TIER * this.#density * slope)));
  }

  /** Width of a cell of which every value needs the third tier. */
  widthAround(x: number): number {
    return this.#evaluate(x) < 0 ? Number.POSITIVE_INFINITY : Math.sqrt(WORTH / (THIRD_TIER * this.#density));
  }

  #evaluate(x: number): number {
    const shares = this.#shares;
    const r = logDensities(this.#gaussians, x, shares);
    if (r < 0) return r;
    const largest = shares[r];
    let total = 0;
    for (let k = 0; k < shares.length; k++) {
      shares[k] = shares[k] - largest < -30 ? 0 : expNonPositive(shares[k] - largest);
      total += shares[k];
    }
    this.#density = total * Math.exp(largest - Math.log(this.#scale));
    for (let k = 0; k < shares.length; k++) shares[k] /= total;
    return r;
  }
}

import type { CellGrid } from './cell-grid.ts';
import type { GaussianTable } from './gaussian-table.ts';

/** What truncation and rounding may shift a position by: (x - low) is rounded once, and so is low - mean. */
const POSITION_ERROR = 2 ** -21;
/** A component whose log density is this far below another's has less than e^-45 < 2^-64 of the mass. */
const NEGLIGIBLE_LOG = -45;
/** Where ratios of densities change by more within a cell, the bounds are worth nothing. */
const LARGEST_LOG = 300;
/** Up to here t^2 / 2 and the log scale are rounded by less than 1e-10 in the plain rule and here. */
const LARGEST_TERM = 1e5;
/** Covers the rounding of the bounds themselves. */
const SLACK = 1.01;
/**
 * Covers what the plain rule rounds. A log density is off by at most 6 2^-53 (t^2 / 2 + |logScale|) < 1e-10, a share
 * relative to the others by twice that, the sum of 100 shares by 1e-14; a cumulative share F is then off by at most
 * F (1 - F) 3e-10; and it is computed here, once more, by the same operations.
 */
const GUARD = 1e-9;

/**
 * What can be said of the components' shares of all x in a cell.
 *
 * Over a cell each log density L_j is a parabola. Let r be the likeliest component in the middle. L_j - L_r is a
 * parabola too, with its extremes at the ends or at its vertex, which bound the ratios e^(L_j - L_r) and so each share
 * p_j from above. With g_j = L_j' - L_r' (linear in x, so largest at an end) and g = sum p_i g_i,
 *
 *     p_j'  = p_j (g_j - g)
 *     p_j'' = p_j (X_j - sum p_i X_i),  X_j = (g_j - g)^2 + g_j'
 *
 * A cumulative share F is a sum of some p_j, so |F''| <= 1/2 sum p_j |X_j - sum p_i X_i| <= sum p_j |X_j - X_r|, and
 * X_j - X_r = g_j^2 - 2 g_j g + g_j'. Therefore, with G_j = max |g_j|, G = sum max p_j G_j over j other than r,
 *
 *     |F'| <= G,   |F''| <= M = sum max p_j (G_j^2 + 2 G_j G + |g_j'|)
 *
 * and F differs from the straight line between its values at the ends of the cell, w apart, by at most M w^2 / 8.
 * Components with less than 2^-64 of the mass anywhere in the cell are left out, which {@link GUARD} covers.
 */
export class CellBounds {
  /** [count], the largest share of each component in the cell bound last; 0 for less than 2^-64 */
  readonly largestShares: Float64Array;
  /** [count], shares at the cell's ends, in units of the likeliest component's; the caller may overwrite them */
  readonly sharesAtStart: Float64Array;
  readonly sharesAtEnd: Float64Array;
  /** how far a cumulative share, with all that the plain rule rounds, may lie from the straight line between its ends */
  deviation = 0;
  /** position in the table of the likeliest component in the middle, and how far ahead of all others it is everywhere */
  likeliest = 0;
  lead = 0;

  readonly #count: number;
  readonly #means: Float64Array;
  readonly #offsets: Float64Array;
  readonly #inverses: Float64Array;
  readonly #logScales: Float64Array;
  readonly #step: number;
  readonly #smallestRatios: Float64Array;
  readonly #largestSlopes: Float64Array;

  /** @param range of the cells */
  constructor(gaussians: GaussianTable, { low, scale }: Pick<CellGrid, 'low' | 'scale'>) {
    const { count, means, inverses, logScales } = gaussians;
    this.#count = count;
    this.#means = means;
    this.#offsets = means.map((mean) => low - mean);
    this.#inverses = inverses;
    this.#logScales = logScales;
    this.#step = 1 / scale;
    this.largestShares = new Float64Array(count);
    this.sharesAtStart = new Float64Array(count);
    this.sharesAtEnd = new Float64Array(count);
    this.#smallestRatios = new Float64Array(count);
    this.#largestSlopes = new Float64Array(count);
  }

  /**
   * Bound the shares between two positions.
   *
   * @returns false if nothing is said of them
   */
  bound(start: number, end: number): boolean {
    const from = start - POSITION_ERROR;
    const to = end + POSITION_ERROR;
    const r = this.#likeliestAt((start + end) / 2);
    this.likeliest = r;
    if (r < 0 || !this.#isModerate(r, from, to)) return false;
    const referenceAtStart = this.#logDensity(r, from);
    const referenceAtEnd = this.#logDensity(r, to);
    this.lead = Number.POSITIVE_INFINITY;
    let smallestSum = 1;
    for (let j = 0; j < this.#count; j++) {
      this.largestShares[j] = 0;
      this.sharesAtStart[j] = 0;
      this.sharesAtEnd[j] = 0;
      this.#smallestRatios[j] = 0;
      if (j === r) continue;
      const atStart = this.#logDensity(j, from) - referenceAtStart;
      const atEnd = this.#logDensity(j, to) - referenceAtEnd;
      const atVertex = this.#atVertex(j, r, from, to);
      const largest = Math.max(atStart, atEnd, atVertex ?? atStart);
      if (Number.isNaN(largest)) return false;
      this.lead = Math.min(this.lead, -largest);
      if (largest < NEGLIGIBLE_LOG) continue;
      if (largest > LARGEST_LOG || !this.#isModerate(j, from, to)) return false;
      this.sharesAtStart[j] = Math.exp(atStart);
      this.sharesAtEnd[j] = Math.exp(atEnd);
      const vertex = atVertex === undefined ? this.sharesAtStart[j] : Math.exp(atVertex);
      this.largestShares[j] = Math.max(this.sharesAtStart[j], this.sharesAtEnd[j], vertex);
      this.#smallestRatios[j] = Math.min(this.sharesAtStart[j], this.sharesAtEnd[j], vertex);
      smallestSum += this.#smallestRatios[j];
    }
    this.sharesAtStart[r] = 1;
    this.sharesAtEnd[r] = 1;
    this.#boundDeviation(r, from, to, smallestSum);
    return true;
  }

  #boundDeviation(r: number, from: number, to: number, smallestSum: number): void {
    const { largestShares } = this;
    const slopes = this.#largestSlopes;
    let slope = 0;
    for (let j = 0; j < this.#count; j++) {
      if (largestShares[j] === 0) continue;
      // the others have at least the mass of r, 1 in these units
      const others = Math.max(1, smallestSum - this.#smallestRatios[j]);
      largestShares[j] = largestShares[j] / (largestShares[j] + others);
      slopes[j] = Math.max(Math.abs(this.#slope(j, r, from)), Math.abs(this.#slope(j, r, to)));
      slope += largestShares[j] * slopes[j];
    }
    let curvature = 0;
    for (let j = 0; j < this.#count; j++) {
      if (largestShares[j] === 0) continue;
      const change = Math.abs(this.#rate(j) ** 2 - this.#rate(r) ** 2);
      curvature += largestShares[j] * (slopes[j] * slopes[j] + 2 * slopes[j] * slope + change);
    }
    largestShares[r] = 1 / smallestSum;
    this.deviation = SLACK * ((curvature * (to - from) ** 2) / 8 + 4 * slope * POSITION_ERROR) + GUARD;
  }

  #likeliestAt(position: number): number {
    let best = -1;
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < this.#count; j++) {
      const logDensity = this.#logDensity(j, position);
      if (logDensity > largest) {
        largest = logDensity;
        best = j;
      }
    }
    return best;
  }

  /** L_j - L_r at its vertex, if that lies inside. */
  #atVertex(j: number, r: number, from: number, to: number): number | undefined {
    const slopeAtStart = this.#slope(j, r, from);
    const slopeAtEnd = this.#slope(j, r, to);
    if (slopeAtStart * slopeAtEnd >= 0) return undefined;
    const vertex = from + (to - from) * (slopeAtStart / (slopeAtStart - slopeAtEnd));
    const there = this.#logDensity(j, vertex) - this.#logDensity(r, vertex);
    const ratio = this.#inverses[r] / this.#inverses[j];
    if (!(ratio < 1)) return there;
    // of a Gaussian far narrower than a position no place is near enough to its mean
    const distance = (this.#means[j] - this.#means[r]) * this.#inverses[r];
    return Math.max(there, this.#logScales[j] - this.#logScales[r] + (0.5 * distance * distance) / (1 - ratio * ratio));
  }

  #isModerate(j: number, from: number, to: number): boolean {
    const term = Math.max(this.#deviations(j, from) ** 2, this.#deviations(j, to) ** 2) / 2;
    return term + Math.abs(this.#logScales[j]) <= LARGEST_TERM;
  }

  #logDensity(j: number, position: number): number {
    const t = this.#deviations(j, position);
    return this.#logScales[j] - 0.5 * t * t;
  }

  /** (x - mean) / sd */
  #deviations(j: number, position: number): number {
    return (this.#offsets[j] + position * this.#step) * this.#inverses[j];
  }

  /** g_j, a position */
  #slope(j: number, r: number, position: number): number {
    return this.#deviations(r, position) * this.#rate(r) - this.#deviations(j, position) * this.#rate(j);
  }

  #rate(j: number): number {
    return this.#inverses[j] * this.#step;
  }
}

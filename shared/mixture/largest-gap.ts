import type { Component } from '../contract/model.ts';
import { normalCdf } from '../numeric/normal-distribution.ts';
import { totalOf } from '../numeric/quantiles.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** More than what rounding can do to a distribution function. */
const ROUNDING = 1e-12;

/**
 * The largest gap between the distribution functions of rows and of a mixture (Kolmogorov-Smirnov), at the upper edges of
 * bins, and the lower one of the first; the edges of a value are those of its step.
 *
 * Both functions rise: between two edges the gap is at most as large as between one's rows and the other's mass, so most
 * edges need not be looked at.
 *
 * @param bins at least one
 * @param step the column's
 */
export function largestGap(bins: WeightedBins, components: readonly Component[], step: number): number {
  return new GapSearch(bins, components, step).largest();
}

class GapSearch {
  readonly #bins: WeightedBins;
  readonly #half: number;
  readonly #weights: Float64Array;
  readonly #means: Float64Array;
  /** 0 of an atom */
  readonly #deviations: Float64Array;
  /** share of the rows up to the edge */
  readonly #shares: Float64Array;
  #gap = 0;

  constructor(bins: WeightedBins, components: readonly Component[], step: number) {
    this.#bins = bins;
    this.#half = step / 2;
    this.#weights = Float64Array.from(components, ({ weight }) => weight);
    this.#means = Float64Array.from(components, ({ mean }) => mean);
    this.#deviations = Float64Array.from(components, ({ kind, standardDeviation }) =>
      kind === 'atom' ? 0 : standardDeviation,
    );
    this.#shares = new Float64Array(bins.count.length);
  }

  largest(): number {
    const { count, lower, exact } = this.#bins;
    const total = totalOf(count);
    let rows = 0;
    for (let b = 0; b < count.length; b++) {
      rows += count[b];
      this.#shares[b] = rows / total;
    }
    this.#gap = this.#massBelow(lower[0] - (exact[0] === 1 ? this.#half : 0));
    this.#lookBetween(this.#look(0), this.#look(count.length - 1));
    return Math.min(1, this.#gap);
  }

  #look(b: number): Edge {
    const { upper, exact } = this.#bins;
    const least = this.#massBelow(upper[b]);
    const most = this.#massBelow(upper[b] + this.#half);
    this.#gap = Math.max(this.#gap, Math.abs(this.#shares[b] - (exact[b] === 1 ? most : least)));
    return { b, least, most };
  }

  #lookBetween(from: Edge, to: Edge): void {
    if (to.b - from.b < 2) return;
    const bound = Math.max(this.#shares[to.b - 1] - from.least, to.most - this.#shares[from.b + 1]);
    if (bound + ROUNDING < this.#gap) return;
    const middle = this.#look((from.b + to.b) >>> 1);
    this.#lookBetween(from, middle);
    this.#lookBetween(middle, to);
  }

  /** The model's distribution function; an atom is a jump at its value. */
  #massBelow(x: number): number {
    let mass = 0;
    for (let k = 0; k < this.#weights.length; k++) {
      const difference = x - this.#means[k];
      const deviation = this.#deviations[k];
      if (deviation > 0) mass += this.#weights[k] * normalCdf(difference / deviation);
      else if (difference >= 0) mass += this.#weights[k];
    }
    return mass;
  }
}

/** An edge, and what lies below the least and the largest place that it or one of its neighbours' may have. */
interface Edge {
  b: number;
  least: number;
  most: number;
}

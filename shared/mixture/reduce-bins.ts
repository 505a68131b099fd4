import { RadixSorter } from '../numeric/radix-sorter.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { unionMean, unionVariance } from './moments.ts';
import { mostRepeated } from './most-repeated.ts';
import { inUnit, type Unit, unitOf } from './unit.ts';

/** 512 adaptive bins are enough for a fit to lose nothing, this many are safe. */
export const MOST_BINS = 2048;

/** No merged bin may hold more than this many times its fair share of the rows. */
const LARGEST_SHARE = 3;
/** At most this share of the bins is merged in one round, always the cheapest. */
const ROUND_SHARE = 1 / 3;
/** A bin much wider than this share of its distance from the median blurs the tails. */
const RELATIVE_WIDTH = 0.05;
/** Merging across an empty gap this many times as wide as both bins costs extra: there may be two modes. */
const GAP_RATIO = 16;
const GAP_COST = 3;

/**
 * Merge neighbouring bins, cheapest first, until {@link MOST_BINS} are left.
 *
 * A merge costs the log-likelihood that a histogram loses by it, and a term that keeps bins narrow relative to their
 * distance from the median: with the first alone, tails collapse into a few bins.
 *
 * @param resolution the column's step
 */
export function reduceBins(bins: WeightedBins, resolution: number, mostBins = MOST_BINS): WeightedBins {
  const work = new MergingBins(bins, resolution, mostBins);
  while (work.length > mostBins && work.mergeRound(work.length - mostBins)) {
    // each round merges at least one pair, or there is none left to merge
  }
  return work.finish();
}

class MergingBins {
  length: number;
  readonly #count: Float64Array;
  readonly #mean: Float64Array;
  readonly #variance: Float64Array;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #exact: Uint8Array;
  readonly #isolated: Uint8Array;
  /** the column's spread about its median: what costs are measured in */
  readonly #unit: Unit;
  readonly #step: number;
  readonly #largest: number;
  readonly #sorter = new RadixSorter();
  /** 0, 1, 2, ... */
  readonly #indices: Float64Array;
  /** mean in the unit */
  readonly #u: Float64Array;

  constructor(bins: WeightedBins, resolution: number, mostBins: number) {
    this.length = bins.count.length;
    this.#count = bins.count.slice();
    this.#mean = bins.mean.slice();
    this.#variance = bins.variance.slice();
    this.#lower = bins.lower.slice();
    this.#upper = bins.upper.slice();
    this.#exact = bins.exact.slice();
    this.#isolated = mostRepeated(bins.count, bins.exact);
    this.#unit = unitOf(bins);
    // of subnormal values the unit may be smaller than 1 / the largest double
    this.#step = Math.min(Number.MAX_VALUE, resolution / this.#unit.scale);
    this.#indices = new Float64Array(this.length);
    this.#u = new Float64Array(this.length);
    let total = 0;
    for (let i = 0; i < this.length; i++) {
      this.#indices[i] = i;
      this.#u[i] = inUnit(bins.mean[i], this.#unit);
      total += bins.count[i];
    }
    this.#largest = (LARGEST_SHARE * total) / mostBins;
  }

  /** Merge the cheapest disjoint pairs; false if none may be merged. */
  mergeRound(excess: number): boolean {
    const costs = this.#costs();
    const { keys, companions: order } = this.#sorter.sort(costs, this.#indices.subarray(0, costs.length));
    const most = Math.min(excess, Math.ceil(this.length * ROUND_SHARE));
    const mergedInto = new Uint8Array(this.length);
    let merges = 0;
    for (let at = 0; at < costs.length && merges < most && keys[at] < Number.POSITIVE_INFINITY; at++) {
      const i = order![at];
      if (mergedInto[i] !== 0 || mergedInto[i + 1] !== 0) continue;
      mergedInto[i] = 1;
      mergedInto[i + 1] = 2;
      merges++;
    }
    for (let i = 0; i + 1 < this.length; i++) if (mergedInto[i] === 1) this.#merge(i, i + 1);
    this.#compact(mergedInto);
    return merges > 0;
  }

  finish(): WeightedBins {
    const cut = (array: Float64Array) => array.slice(0, this.length);
    return {
      count: cut(this.#count),
      mean: cut(this.#mean),
      variance: cut(this.#variance),
      lower: cut(this.#lower),
      upper: cut(this.#upper),
      exact: this.#exact.slice(0, this.length),
    };
  }

  /** Cost of merging each bin with the next one. */
  #costs(): Float64Array {
    const costs = new Float64Array(this.length - 1);
    const last = this.length - 1;
    const [u, counts, lowers, uppers, isolated] = [this.#u, this.#count, this.#lower, this.#upper, this.#isolated];
    const step = this.#step;
    // a bin ends halfway to its neighbours; the first and the last one are symmetric
    let middle = (u[0] + u[1]) / 2;
    let start = 2 * u[0] - middle;
    let own = information(counts[0], middle - start, step);
    for (let i = 0; i < last; i++) {
      const end = i + 1 < last ? (u[i + 1] + u[i + 2]) / 2 : 2 * u[last] - middle;
      const n = counts[i];
      const m = counts[i + 1];
      const next = information(m, end - middle, step);
      if (isolated[i] === 1 || isolated[i + 1] === 1 || n + m > this.#largest) costs[i] = Number.POSITIVE_INFINITY;
      else {
        const lost = own + next - information(n + m, end - start, step);
        const distance = Math.min(Math.abs(u[i]), Math.abs(u[i + 1])) + RELATIVE_WIDTH;
        const relative = (u[i + 1] - u[i]) / (RELATIVE_WIDTH * distance);
        const gap = lowers[i + 1] - uppers[i];
        const extent = uppers[i] - lowers[i] + uppers[i + 1] - lowers[i + 1];
        const apart = gap > GAP_RATIO * extent && extent > 0 ? GAP_COST : 0;
        // dear, but not forbidden, where the square overflows
        costs[i] = Math.min(Number.MAX_VALUE, lost + ((n * m) / (n + m)) * relative * relative + apart);
      }
      start = middle;
      middle = end;
      own = next;
    }
    return costs;
  }

  #merge(i: number, j: number): void {
    const n = this.#count[i];
    const m = this.#count[j];
    this.#variance[i] = unionVariance(n, this.#mean[i], this.#variance[i], m, this.#mean[j], this.#variance[j]);
    this.#mean[i] = unionMean(n, this.#mean[i], m, this.#mean[j]);
    this.#u[i] = inUnit(this.#mean[i], this.#unit);
    this.#count[i] = n + m;
    this.#upper[i] = this.#upper[j];
    this.#exact[i] = 0;
  }

  #compact(mergedInto: Uint8Array): void {
    let to = 0;
    for (let from = 0; from < this.length; from++) {
      if (mergedInto[from] === 2) continue;
      // bin by bin, not array by array: the two kinds of arrays in one loop would cost four times as much
      this.#count[to] = this.#count[from];
      this.#mean[to] = this.#mean[from];
      this.#u[to] = this.#u[from];
      this.#variance[to] = this.#variance[from];
      this.#lower[to] = this.#lower[from];
      this.#upper[to] = this.#upper[from];
      this.#exact[to] = this.#exact[from];
      this.#isolated[to] = this.#isolated[from];
      to++;
    }
    this.length = to;
  }
}

/** What rows in a bin of a width say; no bin is narrower than a step. */
const information = (rows: number, width: number, step: number): number =>
  rows * Math.log(rows / Math.max(width, step));

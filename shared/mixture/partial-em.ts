import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../numeric/exp-share.ts';
import { NO_ROWS, OUT_OF_REACH } from './em-step.ts';
import type { FitData } from './fit-data.ts';
import { type ComponentState, type MixtureState, penaltyOf } from './mixture-state.ts';
import { type Move, moved } from './move.ts';
import { REACH } from './unit.ts';

/** What moves of one state are tried on: ln of the density that each component gives each bin. */
export interface Densities {
  state: MixtureState;
  /** ln w_k + ln density, row-major [components x bins] */
  byComponent: Float64Array;
  /** ln of the sum over the components that a move keeps, by the removed ones */
  kept: Map<string, Float64Array>;
}

export function densitiesOf(data: FitData, state: MixtureState): Densities {
  const { length, mean, variance, step } = data;
  const components = state.weight.length;
  const byComponent = new Float64Array(components * length).fill(Number.NEGATIVE_INFINITY);
  for (let k = 0; k < components; k++) {
    if (state.atomBin[k] >= 0) {
      byComponent[k * length + state.atomBin[k]] = Math.log(state.weight[k]) - Math.log(step);
      continue;
    }
    const constant = Math.log(state.weight[k]) - 0.5 * Math.log(2 * Math.PI * state.variance[k]);
    const halfPrecision = 0.5 / state.variance[k];
    const m = state.mean[k];
    for (let b = 0; b < length; b++) {
      const d = mean[b] - m;
      if (Math.abs(mean[b]) <= REACH) byComponent[k * length + b] = constant - (variance[b] + d * d) * halfPrecision;
    }
  }
  return { state, byComponent, kept: new Map() };
}

/** What a move promises, and the state it would be made with. */
export interface Trial {
  /** the objective after a few steps, in nats over all rows */
  objective: number;
  state: MixtureState;
}

/**
 * Try a move: a few iterations of expectation-maximization over the added components alone, what is kept standing
 * still. It costs a few evaluations a bin, whatever the number of components, so that hundreds of moves can be tried.
 *
 * @see Verbeek, Vlassis and Kröse (2003), Efficient greedy learning of Gaussian mixture models
 */
export function tryMove(data: FitData, densities: Densities, move: Move, steps: number): Trial {
  const { state } = densities;
  const keptLog = keptDensity(data, densities, move.removed);
  const keptWeight = state.weight.reduce((sum, weight, k) => (move.removed.includes(k) ? sum : sum + weight), 0);
  const added = new AddedComponents(keptWeight > 0 ? move.added : wholeOf(move.added));
  for (let step = 0; step < steps; step++) added.iterate(data, keptLog, keptWeight);
  const logLikelihood = added.iterate(data, keptLog, keptWeight);
  const after = moved(state, { removed: move.removed, added: added.before });
  return { objective: logLikelihood - penaltyOf(after, data.total), state: after };
}

/** Where nothing is kept, the added components share all rows. */
function wholeOf(added: readonly ComponentState[]): ComponentState[] {
  const total = added.reduce((sum, { weight }) => sum + weight, 0);
  return added.map((component) => ({ ...component, weight: component.weight / total }));
}

/** ln of the density that the components give which a move keeps, [bins]. */
function keptDensity({ length }: FitData, { state, byComponent, kept }: Densities, removed: readonly number[]) {
  const key = removed.join();
  const known = kept.get(key);
  if (known) return known;
  const components = Array.from(state.weight.keys()).filter((k) => !removed.includes(k));
  const sum = new Float64Array(length);
  const table = EXP_TABLE;
  for (let b = 0; b < length; b++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (const k of components) largest = Math.max(largest, byComponent[k * length + b]);
    let relative = 0;
    if (largest > Number.NEGATIVE_INFINITY) {
      for (const k of components) {
        const d = byComponent[k * length + b] - largest;
        if (d > NEGLIGIBLE_LOG) relative += expShare(d, table);
      }
    }
    sum[b] = largest + Math.log(relative);
    if (relative === 0) sum[b] = Number.NEGATIVE_INFINITY;
  }
  kept.set(key, sum);
  return sum;
}

/** The components that a move adds, as arrays. */
class AddedComponents {
  /** as they were before the last iteration */
  before: readonly ComponentState[];
  #current: ComponentState[];
  readonly #constant: Float64Array;
  readonly #halfPrecision: Float64Array;
  readonly #mean: Float64Array;
  readonly #share: Float64Array;
  readonly #rows: Float64Array;
  readonly #offset: Float64Array;
  readonly #spread: Float64Array;

  constructor(components: readonly ComponentState[]) {
    this.before = components;
    this.#current = components.map((component) => ({ ...component }));
    const array = () => new Float64Array(components.length);
    [this.#constant, this.#halfPrecision, this.#mean, this.#share] = [array(), array(), array(), array()];
    [this.#rows, this.#offset, this.#spread] = [array(), array(), array()];
  }

  /** One iteration of expectation-maximization; returns the log-likelihood before it, in nats over all rows. */
  iterate(data: FitData, keptLog: Float64Array, keptWeight: number): number {
    const { length, count, mean: binMean, variance: binVariance, step } = data;
    const current = this.#current;
    const [constant, halfPrecision, mean, share] = [this.#constant, this.#halfPrecision, this.#mean, this.#share];
    const [rows, offset, spread] = [this.#rows, this.#offset, this.#spread];
    const table = EXP_TABLE;
    const n = current.length;
    let addedWeight = 0;
    for (let j = 0; j < n; j++) {
      const { weight, mean: m, variance, atomBin } = current[j];
      addedWeight += weight;
      mean[j] = m;
      rows[j] = 0;
      offset[j] = 0;
      spread[j] = 0;
      halfPrecision[j] = atomBin >= 0 ? 0 : 0.5 / variance;
      constant[j] = Math.log(weight) - (atomBin >= 0 ? Math.log(step) : 0.5 * Math.log(2 * Math.PI * variance));
    }
    const keptScale = keptWeight > 0 ? Math.log(Math.max(1 - addedWeight, Number.MIN_VALUE) / keptWeight) : 0;
    let logLikelihood = 0;
    for (let b = 0; b < length; b++) {
      const a = binMean[b];
      const s = binVariance[b];
      const before = keptLog[b] + keptScale;
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = 0; j < n; j++) {
        const d = a - mean[j];
        let own = constant[j] - (s + d * d) * halfPrecision[j];
        if (halfPrecision[j] === 0 && current[j].atomBin !== b) own = Number.NEGATIVE_INFINITY;
        share[j] = own;
        if (own > largest) largest = own;
      }
      if (Math.abs(a) > REACH) {
        logLikelihood += count[b] * OUT_OF_REACH;
        continue;
      }
      if (largest - before <= NEGLIGIBLE_LOG) {
        logLikelihood += count[b] * before;
        continue;
      }
      if (before > largest) largest = before;
      if (largest === Number.NEGATIVE_INFINITY) {
        logLikelihood += count[b] * OUT_OF_REACH;
        continue;
      }
      let sum = before - largest > NEGLIGIBLE_LOG ? expShare(before - largest, table) : 0;
      for (let j = 0; j < n; j++) {
        const relative = share[j] - largest;
        share[j] = relative > NEGLIGIBLE_LOG ? expShare(relative, table) : 0;
        sum += share[j];
      }
      logLikelihood += count[b] * (largest + Math.log(sum));
      const scale = count[b] / sum;
      for (let j = 0; j < n; j++) {
        const r = scale * share[j];
        const d = a - mean[j];
        rows[j] += r;
        offset[j] += r * d;
        spread[j] += r * (s + d * d);
      }
    }
    this.#update(data);
    return logLikelihood;
  }

  #update({ total, stepVariance }: FitData): void {
    this.before = this.#current;
    this.#current = this.#current.map((component, j) => {
      const rows = this.#rows[j];
      const weight = Math.max(rows / total, Number.MIN_VALUE);
      if (component.atomBin >= 0 || rows <= NO_ROWS) return { ...component, weight };
      const shift = this.#offset[j] / rows;
      const variance = Math.max(stepVariance, this.#spread[j] / rows - shift * shift);
      return { ...component, weight, mean: component.mean + shift, variance };
    });
  }
}

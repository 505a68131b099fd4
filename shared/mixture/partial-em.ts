import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../numeric/exp-share.ts';
import { emLoops } from './em-loops.ts';
import { NO_ROWS } from './em-step.ts';
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
  const added = new AddedComponents(keptWeight > 0 ? move.added : wholeOf(move.added), data, keptLog);
  for (let step = 0; step < steps; step++) added.iterate(data, keptWeight);
  const logLikelihood = added.iterate(data, keptWeight);
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

/** The components that a move adds. */
class AddedComponents {
  /** as they were before the last iteration */
  before: readonly ComponentState[];
  #current: ComponentState[];
  readonly #loops = emLoops();

  constructor(components: readonly ComponentState[], data: FitData, keptLog: Float64Array) {
    this.before = components;
    this.#current = components.map((component) => ({ ...component }));
    this.#loops.load(data);
    this.#loops.fixed.set(keptLog);
  }

  /** One iteration of expectation-maximization; returns the log-likelihood before it, in nats over all rows. */
  iterate(data: FitData, keptWeight: number): number {
    const { centre, constant, halfPrecision, atomBin } = this.#loops;
    let addedWeight = 0;
    for (const [j, added] of this.#current.entries()) {
      const isAtom = added.atomBin >= 0;
      addedWeight += added.weight;
      centre[j] = added.mean;
      atomBin[j] = added.atomBin;
      halfPrecision[j] = isAtom ? 0 : 0.5 / added.variance;
      constant[j] =
        Math.log(added.weight) - (isAtom ? Math.log(data.step) : 0.5 * Math.log(2 * Math.PI * added.variance));
    }
    const keptScale = keptWeight > 0 ? Math.log(Math.max(1 - addedWeight, Number.MIN_VALUE) / keptWeight) : 0;
    const logLikelihood = this.#loops.iterate(this.#current.length, keptScale, true);
    this.#update(data);
    return logLikelihood;
  }

  #update({ total, stepVariance }: FitData): void {
    const { moments } = this.#loops;
    this.before = this.#current;
    this.#current = this.#current.map((component, j) => {
      const rows = moments[4 * j];
      const weight = Math.max(rows / total, Number.MIN_VALUE);
      if (component.atomBin >= 0 || rows <= NO_ROWS) return { ...component, weight };
      const shift = moments[4 * j + 1] / rows;
      const variance = Math.max(stepVariance, moments[4 * j + 2] / rows - shift * shift);
      return { ...component, weight, mean: component.mean + shift, variance };
    });
  }
}

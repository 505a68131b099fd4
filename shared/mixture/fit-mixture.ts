import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { type FitData, makeFitData } from './fit-data.ts';
import { grow } from './grow.ts';
import { FINAL_ITERATIONS, type Fitted, judged, maximize } from './maximize.ts';
import { missedBy } from './missed-rows.ts';
import type { MixtureState } from './mixture-state.ts';
import { addRareModes } from './rare-modes.ts';
import { reduceBins } from './reduce-bins.ts';
import { refine } from './refine.ts';
import { scoreBins } from './score.ts';
import { onBins, searchData } from './search-data.ts';
import { guardTails } from './tail-guard.ts';
import { tidied, withoutFewRows } from './tidy.ts';
import { narrowest } from './unit.ts';

export interface FitOptions {
  /** the column's step, > 0 */
  resolution: number;
  /** atoms included, 1..100 */
  maxComponents: number;
}

/** A fitted mixture, as a model keeps it. */
export interface MixtureFit {
  /** by falling weight, ties by rising mean; the weights sum to 1; at least one Gaussian */
  components: Component[];
  /** at the column's resolution; null where there is no row */
  bitsPerValue: number | null;
  /** log-likelihood in nats less what the components cost; null where there is no row */
  objective: number | null;
  /** E-steps */
  iterations: number;
  converged: boolean;
}

/**
 * Fit a mixture of Gaussians and atoms to bins: search on few bins, climb on all of them, make room for rare modes and
 * for rows far out, order. The same bins give the same model; there is no randomness in it.
 *
 * @param bins ascending; their total is the number of sampled rows
 * @see Bishop (2006), Pattern Recognition and Machine Learning, section 9.2
 */
export function fitMixture(bins: WeightedBins, options: FitOptions): MixtureFit {
  if (bins.count.length === 0) return withoutRows(0);
  const reduced = reduceBins(bins, options.resolution);
  const data = makeFitData(reduced, options.resolution);
  if (data.length === 1 && reduced.exact[0] === 1) return ofOneValue(reduced.mean[0], data.total, options);
  const coarse = searchData(reduced, data, options.resolution);
  const found = search(coarse, options.maxComponents);
  const final = finish(data, onBins(data, found.state, coarse), options.maxComponents);
  return describe(reduced, data, { ...final, iterations: found.iterations + final.iterations }, options.resolution);
}

function search(data: FitData, mostComponents: number): Fitted {
  // refining goes through states of one more
  return refine(data, grow(data, mostComponents), mostComponents);
}

/** Climb to the maximum; then give what a maximum leaves out its place: rare modes, and rows that no Gaussian reaches. */
export function finish(data: FitData, start: MixtureState, mostComponents: number): Fitted {
  const climbed = judged(data, maximize(data, start, FINAL_ITERATIONS));
  const firm = withoutFewRows(data, tidied(data, climbed));
  const guarded = (fitted: Fitted) => guardTails(data, fitted, mostComponents);
  const withRareModes = guarded(addRareModes(data, firm, mostComponents));
  if (missedBy(data, withRareModes.state).length === 0) return withRareModes;
  // that every row comes back is worth more than a component for a few of them
  const withoutRareModes = guarded(firm);
  return missedBy(data, withoutRareModes.state).length === 0 ? withoutRareModes : withRareModes;
}

/** A fit as a model keeps it: in the column's own unit, ordered, scored. */
export function describe(
  bins: WeightedBins,
  data: FitData,
  { state, objective, iterations, converged }: Fitted,
  resolution: number,
): MixtureFit {
  const components = ordered([...componentsOfState(bins, data, state)]);
  const { bitsPerValue } = scoreBins(bins, components, resolution);
  return { components, bitsPerValue, objective, iterations, converged };
}

/** Back into the column's own unit; what a step adds to a variance is taken off again. */
function* componentsOfState(bins: WeightedBins, data: FitData, state: MixtureState): Generator<Component> {
  // a cover may be reached for rows that are likelier elsewhere: it weighs no less than one of them
  const weights = state.weight.map((weight) => Math.max(weight, 1 / data.total));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < state.weight.length; k++) {
    const weight = weights[k] / total;
    if (state.atomBin[k] >= 0) {
      yield {
        kind: 'atom',
        weight,
        mean: bins.mean[state.atomBin[k]],
        standardDeviation: 0,
        logScale: null,
        pruned: false,
      };
      continue;
    }
    const variance = Math.max(state.variance[k] - data.stepVariance, narrowest(data.step));
    yield gaussian(
      weight,
      meanOf(data, state.mean[k]),
      Math.max(data.scale * Math.sqrt(variance), Number.MIN_VALUE * 2 ** 52),
    );
  }
  if (state.atomBin.every((bin) => bin >= 0)) yield gaussianOfNothing(bins.mean[heaviest(state)], 0);
}

/** Where the distance from the centre overflows, the mean itself need not. */
function meanOf({ centre, scale }: FitData, u: number): number {
  const mean = centre + scale * u;
  if (Number.isFinite(mean)) return mean;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, scale * (u + centre / scale)));
}

const heaviest = ({ weight, atomBin }: MixtureState) => atomBin[weight.indexOf(Math.max(...weight))];

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

function gaussian(weight: number, mean: number, standardDeviation: number): Component {
  const logScale = weight > 0 ? Math.log(weight) - Math.log(standardDeviation) - HALF_LOG_TWO_PI : null;
  return { kind: 'gaussian', weight, mean, standardDeviation, logScale, pruned: false };
}

/** Every column has a Gaussian, so every finite value has a place, whatever the sample did not hold. */
function gaussianOfNothing(mean: number, weight: number): Component {
  return gaussian(weight, mean, Math.max(Math.abs(mean) * 1e-3, 1));
}

function withoutRows(mean: number): MixtureFit {
  return {
    components: [gaussianOfNothing(mean, 1)],
    bitsPerValue: null,
    objective: null,
    iterations: 0,
    converged: true,
  };
}

function ofOneValue(value: number, rows: number, { maxComponents, resolution }: FitOptions): MixtureFit {
  const atom: Component = { kind: 'atom', weight: 1, mean: value, standardDeviation: 0, logScale: null, pruned: false };
  const components = maxComponents === 1 ? [gaussianOfNothing(value, 1)] : [atom, gaussianOfNothing(value, 0)];
  const bins = {
    count: Float64Array.of(rows),
    mean: Float64Array.of(value),
    variance: new Float64Array(1),
    lower: Float64Array.of(value),
    upper: Float64Array.of(value),
    exact: Uint8Array.of(1),
  };
  const { bitsPerValue } = scoreBins(bins, components, resolution);
  return { components, bitsPerValue, objective: 0, iterations: 0, converged: true };
}

const ordered = (components: Component[]) => components.sort((a, b) => b.weight - a.weight || a.mean - b.mean);

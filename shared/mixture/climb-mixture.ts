import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { type FitData, makeFitData } from './fit-data.ts';
import { describe, type FitOptions, finish, type MixtureFit } from './fit-mixture.ts';
import { judged, maximize } from './maximize.ts';
import { type ComponentState, GAUSSIAN, type MixtureState, stateOf } from './mixture-state.ts';
import { refine } from './refine.ts';
import { onBins, searchData } from './search-data.ts';
import { inUnit } from './unit.ts';

/**
 * Climb from a given mixture to the maximum of the likelihood of these bins that is nearest to it. Components are
 * neither added nor removed, but atoms whose value has no bin of its own here, and components of weight 0.
 *
 * @param components in the column's unit, as a model keeps them
 * @returns undefined where nothing of the mixture can be kept
 */
export function climbMixture(
  bins: WeightedBins,
  components: readonly Component[],
  options: FitOptions,
): MixtureFit | undefined {
  const start = startOfFit(bins, components, options);
  if (!start) return undefined;
  const { data, state, most } = start;
  return describe(bins, data, finish(data, state, most), options.resolution);
}

/** E-steps in which a mixture comes close to a maximum that it is near. */
const CLOSE_ITERATIONS = 300;

/**
 * Where these bins pull a mixture: a climb, and if one round of refining finds better, a climb from there. Rare modes and
 * rows far out are not given their place, nor is what hardly any row is left to taken away.
 *
 * @returns undefined where nothing of the mixture can be kept
 */
export function pulledMixture(
  bins: WeightedBins,
  components: readonly Component[],
  options: FitOptions,
): MixtureFit | undefined {
  const start = startOfFit(bins, components, options);
  if (!start) return undefined;
  const { data, state, most } = start;
  const { resolution } = options;
  const climb = (from: MixtureState) => judged(data, maximize(data, from, CLOSE_ITERATIONS));
  const climbed = climb(state);
  const better = refined(bins, data, climbed.state, most, resolution);
  const again = better === climbed.state ? climbed : climb(better);
  return describe(bins, data, again.logLikelihood > climbed.logLikelihood ? again : climbed, resolution);
}

/** The bins in the unit of a fit, what is kept of the mixture, and how many components there may be; or nothing. */
function startOfFit(
  bins: WeightedBins,
  components: readonly Component[],
  { resolution, maxComponents }: FitOptions,
): { data: FitData; state: MixtureState; most: number } | undefined {
  if (bins.count.length === 0) return undefined;
  const data = makeFitData(bins, resolution);
  const kept = startsOf(bins, data, components);
  if (kept.length === 0) return undefined;
  return { data, state: stateOf(kept), most: Math.max(maxComponents, kept.length) };
}

/** One round of refining on few bins; the state itself where that finds nothing. */
function refined(bins: WeightedBins, data: FitData, state: MixtureState, most: number, resolution: number) {
  const few = searchData(bins, data, resolution);
  const onFew = onBins(few, state, data);
  if (onFew.weight.length === 0) return state;
  const start = judged(few, maximize(few, onFew, CLOSE_ITERATIONS));
  const better = refine(few, start, most, 1);
  return better.state === start.state ? state : onBins(data, better.state, few);
}

function startsOf(bins: WeightedBins, data: FitData, components: readonly Component[]): ComponentState[] {
  return components
    .filter(({ weight, pruned }) => weight > 0 && !pruned)
    .map((component) => startOf(bins, data, component))
    .filter(({ variance, atomBin }) => variance > 0 || atomBin >= 0);
}

/** An atom without a bin has neither a bin nor a variance. */
function startOf(bins: WeightedBins, data: FitData, component: Component): ComponentState {
  const { kind, weight, mean, standardDeviation } = component;
  if (kind === 'atom') {
    const atomBin = bins.mean.findIndex((x, b) => bins.exact[b] === 1 && x === mean);
    return { weight, mean: inUnit(mean, data), variance: 0, atomBin: atomBin < 0 ? GAUSSIAN : atomBin };
  }
  const variance = Math.min(Number.MAX_VALUE, (standardDeviation / data.scale) ** 2 + data.stepVariance);
  return { weight, mean: inUnit(mean, data), variance, atomBin: GAUSSIAN };
}

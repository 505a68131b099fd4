import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { type FitData, makeFitData } from './fit-data.ts';
import { describe, type FitOptions, finish, type MixtureFit } from './fit-mixture.ts';
import { type ComponentState, GAUSSIAN, stateOf } from './mixture-state.ts';
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
  { resolution, maxComponents }: FitOptions,
): MixtureFit | undefined {
  if (bins.count.length === 0) return undefined;
  const data = makeFitData(bins, resolution);
  const kept = components
    .filter(({ weight, pruned }) => weight > 0 && !pruned)
    .map((component) => startOf(bins, data, component))
    .filter(({ variance, atomBin }) => variance > 0 || atomBin >= 0);
  if (kept.length === 0) return undefined;
  return describe(bins, data, finish(data, stateOf(kept), Math.max(maxComponents, kept.length)), resolution);
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

import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { type FitData, makeFitData } from './fit-data.ts';
import { componentsOf, type MixtureState, stateOf } from './mixture-state.ts';
import { reduceBins } from './reduce-bins.ts';

/**
 * Where to put how many components is a question that few bins answer as well as many, and several times as fast; a
 * column of at most 2,048 values needs fewer than one of ranges.
 */
const SEARCH_BINS = { ofValues: 256, ofRanges: 512 };

/** The few bins that a search works on, in the unit of the many. */
export function searchData(bins: WeightedBins, data: FitData, resolution: number): FitData {
  const most = bins.exact.includes(0) ? SEARCH_BINS.ofRanges : SEARCH_BINS.ofValues;
  return makeFitData(reduceBins(bins, resolution, most), resolution, data);
}

/**
 * The same mixture over other bins of the same rows and unit: atoms lie on bins, and one whose value has no bin of its
 * own there is left out.
 */
export function onBins(data: FitData, state: MixtureState, from: FitData): MixtureState {
  const components = componentsOf(state).map((component) => {
    if (component.atomBin < 0) return component;
    const atomBin = data.mean.findIndex((x, b) => data.exact[b] === 1 && x === from.mean[component.atomBin]);
    return { ...component, atomBin };
  });
  return stateOf(components.filter(({ variance, atomBin }) => variance > 0 || atomBin >= 0));
}

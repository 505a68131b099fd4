import { componentsOf, GAUSSIAN, type MixtureState } from './mixture-state.ts';
import type { Move } from './move.ts';

/** Two halves of a Gaussian: offset in standard deviations, factor of the standard deviation, share of the weight. */
type Halves = [offset: number, factor: number, share: number][];

/** Side by side; narrow within wide; a core with a tail to the right, and to the left. */
const SPLITS: Halves[] = [
  [
    [-0.8, 0.6, 0.5],
    [0.8, 0.6, 0.5],
  ],
  [
    [0, 0.5, 0.5],
    [0, 1.4, 0.5],
  ],
  [
    [-0.3, 0.7, 0.8],
    [1.5, 1.5, 0.2],
  ],
  [
    [0.3, 0.7, 0.8],
    [-1.5, 1.5, 0.2],
  ],
];

/** Every way to split every Gaussian in two. */
export function splits(state: MixtureState): Move[] {
  return componentsOf(state).flatMap(({ weight, mean, variance, atomBin }, k) => {
    if (atomBin >= 0) return [];
    const sd = Math.sqrt(variance);
    return SPLITS.map((halves) => ({
      removed: [k],
      added: halves.map(([offset, factor, share]) => ({
        weight: weight * share,
        mean: mean + offset * sd,
        variance: variance * factor * factor,
        atomBin: GAUSSIAN,
      })),
    }));
  });
}

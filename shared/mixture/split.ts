import { type ComponentState, componentsOf, GAUSSIAN, type MixtureState } from './mixture-state.ts';

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

/** Every way to split every Gaussian in two, as component lists. */
export function splits(state: MixtureState): ComponentState[][] {
  const components = componentsOf(state);
  return components.flatMap((component, k) => {
    if (component.atomBin >= 0) return [];
    const others = components.filter((_, j) => j !== k);
    const sd = Math.sqrt(component.variance);
    return SPLITS.map((halves) => [
      ...others,
      ...halves.map(([offset, factor, share]) => ({
        weight: component.weight * share,
        mean: component.mean + offset * sd,
        variance: component.variance * factor * factor,
        atomBin: GAUSSIAN,
      })),
    ]);
  });
}

/** The components with one more, the others making room for it. */
export function inserted(state: MixtureState, component: ComponentState): ComponentState[] {
  const weight = Math.min(0.9, Math.max(component.weight, 1e-9));
  return [
    ...componentsOf(state).map((other) => ({ ...other, weight: other.weight * (1 - weight) })),
    { ...component, weight },
  ];
}

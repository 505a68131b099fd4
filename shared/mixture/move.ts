import { type ComponentState, componentsOf, type MixtureState, stateOf } from './mixture-state.ts';

/** A change of a mixture: some of its components go, others come; the rest share what weight is left. */
export interface Move {
  /** indices, ascending */
  removed: readonly number[];
  /** weights are shares of all rows, and sum to less than 1 unless all others go */
  added: readonly ComponentState[];
}

/** The most that components to be added may weigh together: the others stay alive beside them. */
const MOST_ADDED = 0.9;
/** A new component starts with no less. */
const LEAST_ADDED = 1e-9;

/** The mixture after a move. */
export function moved(state: MixtureState, { removed, added }: Move): MixtureState {
  const kept = componentsOf(state).filter((_, k) => !removed.includes(k));
  const keptWeight = kept.reduce((sum, { weight }) => sum + weight, 0);
  const addedWeight = added.reduce((sum, { weight }) => sum + weight, 0);
  const scale = keptWeight > 0 ? (1 - addedWeight) / keptWeight : 0;
  return stateOf([...kept.map((component) => ({ ...component, weight: component.weight * scale })), ...added]);
}

/** The move that adds one component. */
export function insertion(component: ComponentState): Move {
  return { removed: [], added: [{ ...component, weight: clamped(component.weight) }] };
}

const clamped = (weight: number) => Math.min(MOST_ADDED, Math.max(LEAST_ADDED, weight));

/** Both moves at once; undefined where one takes away what the other has used. */
export function combined(a: Move, b: Move): Move | undefined {
  if (a.removed.some((k) => b.removed.includes(k))) return undefined;
  const removed = [...a.removed, ...b.removed].sort((i, j) => i - j);
  const added = [...a.added, ...b.added];
  const weight = added.reduce((sum, component) => sum + component.weight, 0);
  const excess = weight / MOST_ADDED;
  return { removed, added: excess > 1 ? added.map((c) => ({ ...c, weight: c.weight / excess })) : added };
}

/** Every way to remove one component, its rows left to the others or to one of its next neighbours by mean. */
export function removals(state: MixtureState): Move[] {
  const components = componentsOf(state);
  if (components.length < 2) return [];
  const order = components.map((_, k) => k).sort((i, j) => components[i].mean - components[j].mean);
  const gaussians = order.filter((k) => components[k].atomBin < 0);
  const deletions = order
    .filter((k) => components[k].atomBin >= 0 || gaussians.length > 1)
    .map((k): Move => ({ removed: [k], added: [] }));
  const merges = gaussians.flatMap((i, at) =>
    gaussians.slice(at + 1, at + 1 + NEIGHBOURS).map((j): Move => {
      return { removed: [i, j].sort((a, b) => a - b), added: [union(components[i], components[j])] };
    }),
  );
  return [...deletions, ...merges];
}

/** Next neighbours, by mean, that a Gaussian is merged with. */
const NEIGHBOURS = 2;

/** The Gaussian of the weight, mean and variance of two. */
function union(a: ComponentState, b: ComponentState): ComponentState {
  const weight = a.weight + b.weight;
  const share = b.weight / weight;
  const distance = b.mean - a.mean;
  const variance = (1 - share) * a.variance + share * b.variance + share * (1 - share) * distance * distance;
  return { ...a, weight, mean: a.mean + share * distance, variance };
}

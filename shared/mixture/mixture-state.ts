/** A mixture under fit, in the unit of the fit; components in no particular order. */
export interface MixtureState {
  /** shares of the rows, summing to 1 */
  weight: Float64Array;
  mean: Float64Array;
  /** of Gaussians, the step's own included; 0 for atoms */
  variance: Float64Array;
  /** bin of an atom; -1 for a Gaussian */
  atomBin: Int32Array;
  /** what a Gaussian must reach, whatever its rows say; +Infinity, -Infinity where there is nothing */
  reachLower: Float64Array;
  reachUpper: Float64Array;
}

/** One component, as candidates are written. */
export interface ComponentState {
  weight: number;
  mean: number;
  variance: number;
  atomBin: number;
  reach?: Reach;
}

/** Points that a Gaussian must reach: how wide it must be at least. */
export interface Reach {
  lower: number;
  upper: number;
}

/** A Gaussian reaches so many standard deviations; values farther out are clipped at 0.99, which is 3.96. */
export const REACHED_DEVIATIONS = 3.95;

export const GAUSSIAN = -1;

/** Components as arrays, their weights scaled to sum to 1. */
export function stateOf(components: readonly ComponentState[]): MixtureState {
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  return {
    weight: Float64Array.from(components, ({ weight }) => weight / total),
    mean: Float64Array.from(components, ({ mean }) => mean),
    variance: Float64Array.from(components, ({ variance }) => variance),
    atomBin: Int32Array.from(components, ({ atomBin }) => atomBin),
    reachLower: Float64Array.from(components, ({ reach }) => reach?.lower ?? Number.POSITIVE_INFINITY),
    reachUpper: Float64Array.from(components, ({ reach }) => reach?.upper ?? Number.NEGATIVE_INFINITY),
  };
}

export function componentsOf(state: MixtureState): ComponentState[] {
  const { weight, mean, variance, atomBin, reachLower, reachUpper } = state;
  return Array.from(weight, (w, k) => ({
    weight: w,
    mean: mean[k],
    variance: variance[k],
    atomBin: atomBin[k],
    ...(reachLower[k] <= reachUpper[k] && { reach: { lower: reachLower[k], upper: reachUpper[k] } }),
  }));
}

/** Room for a state of the same atoms and reaches. */
export const emptyLike = ({ weight, atomBin, reachLower, reachUpper }: MixtureState): MixtureState => ({
  weight: new Float64Array(weight.length),
  mean: new Float64Array(weight.length),
  variance: new Float64Array(weight.length),
  atomBin,
  reachLower,
  reachUpper,
});

export const gaussianCount = ({ atomBin }: MixtureState): number =>
  atomBin.reduce((n, bin) => n + (bin < 0 ? 1 : 0), 0);

/** What a component costs in the objective, in units of ln(rows): a Gaussian has three parameters, an atom two. */
const GAUSSIAN_COST = 1.5;
const ATOM_COST = 1;

/** Penalty for the number of components, in nats (Schwarz 1978, with weights shared). */
export function penaltyOf(state: MixtureState, rows: number): number {
  const gaussians = gaussianCount(state);
  return Math.log(Math.max(rows, 1)) * (GAUSSIAN_COST * gaussians + ATOM_COST * (state.weight.length - gaussians));
}

import type { FitData } from './fit-data.ts';
import { type ComponentState, componentsOf, GAUSSIAN, type MixtureState } from './mixture-state.ts';
import { unionMean, unionVariance } from './moments.ts';
import type { Move } from './move.ts';

/** A core holds at least this share of its Gaussian's rows ... */
const CORE_SHARE = 0.2;
/** ... within this share of its variance. */
const CORE_VARIANCE = 0.25;

/** Gaussians with a dense core: the core stays, the rest goes to the next neighbour by mean, on either side. */
export function denseCores(data: FitData, state: MixtureState): Move[] {
  const components = componentsOf(state);
  const order = components.map((_, k) => k).sort((i, j) => components[i].mean - components[j].mean);
  const gaussians = order.filter((k) => components[k].atomBin < 0);
  return gaussians.flatMap((k, at) => {
    const core = coreOf(data, components, k);
    if (!core) return [];
    const rest = restOf(components[k], core);
    return [gaussians[at - 1], gaussians[at + 1]].flatMap((neighbour) => {
      if (neighbour === undefined) return [];
      const joined = joinedWith(components[neighbour], rest);
      return [{ removed: [k, neighbour].sort((a, b) => a - b), added: [core, joined] }];
    });
  });
}

/** The narrowest run of bins that holds a core's share of the k-th Gaussian's rows, where it is dense enough. */
function coreOf(data: FitData, components: readonly ComponentState[], k: number): ComponentState | undefined {
  const { mean, variance, weight } = components[k];
  const rows = rowsOf(data, components, k);
  const wanted = CORE_SHARE * weight * data.total;
  let best: ComponentState | undefined;
  let inside = 0;
  for (let start = 0, end = 0; start < data.length; inside -= rows[start++]) {
    while (end < data.length && inside < wanted) inside += rows[end++];
    if (inside < wanted) break;
    const width = data.upper[end - 1] - data.lower[start];
    if (width * width >= 12 * CORE_VARIANCE * variance) continue;
    const core = momentsOfRows(data, rows, start, end);
    if (core.variance < CORE_VARIANCE * variance && (!best || core.variance < best.variance))
      best = { weight: inside / data.total, mean: core.mean, variance: core.variance, atomBin: GAUSSIAN };
  }
  return best && Math.abs(best.mean - mean) < Number.POSITIVE_INFINITY ? best : undefined;
}

/** Rows of each bin that are the k-th component's. */
function rowsOf(data: FitData, components: readonly ComponentState[], k: number): Float64Array {
  return Float64Array.from(data.count, (count, b) => {
    const own = logDensity(data, components[k], b);
    let others = 0;
    components.forEach((component, j) => {
      if (j !== k) others += Math.exp(Math.min(700, logDensity(data, component, b) - own));
    });
    return own === Number.NEGATIVE_INFINITY ? 0 : count / (1 + others);
  });
}

function logDensity(data: FitData, { weight, mean, variance, atomBin }: ComponentState, b: number): number {
  if (atomBin >= 0) return atomBin === b ? Math.log(weight / data.step) : Number.NEGATIVE_INFINITY;
  const d = data.mean[b] - mean;
  return Math.log(weight) - 0.5 * Math.log(2 * Math.PI * variance) - (0.5 * (data.variance[b] + d * d)) / variance;
}

function momentsOfRows(data: FitData, rows: Float64Array, start: number, end: number) {
  let count = 0;
  let mean = data.mean[start];
  let variance = 0;
  for (let b = start; b < end; b++) {
    if (rows[b] === 0) continue;
    variance = unionVariance(count, mean, variance, rows[b], data.mean[b], data.variance[b]);
    mean = unionMean(count, mean, rows[b], data.mean[b]);
    count += rows[b];
  }
  return { mean, variance };
}

/** What is left of a Gaussian without its core. */
function restOf(whole: ComponentState, core: ComponentState): ComponentState {
  const weight = Math.max(whole.weight - core.weight, Number.MIN_VALUE);
  const share = core.weight / whole.weight;
  const mean = (whole.mean - share * core.mean) / (1 - share);
  const second =
    (whole.variance + (whole.mean - mean) ** 2 - share * (core.variance + (core.mean - mean) ** 2)) / (1 - share);
  return { weight, mean, variance: Math.max(second, core.variance), atomBin: GAUSSIAN };
}

function joinedWith(a: ComponentState, b: ComponentState): ComponentState {
  const variance = unionVariance(a.weight, a.mean, a.variance, b.weight, b.mean, b.variance);
  return {
    weight: a.weight + b.weight,
    mean: unionMean(a.weight, a.mean, b.weight, b.mean),
    variance,
    atomBin: GAUSSIAN,
  };
}

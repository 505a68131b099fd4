import type { ColumnModel, Component } from '../../shared/contract/model.ts';

/** A Gaussian as the fit writes it; weight 0 has no scale. */
export function gaussian(weight: number, mean: number, standardDeviation: number): Component {
  const logScale = weight > 0 ? Math.log(weight) - Math.log(standardDeviation) - Math.log(2 * Math.PI) / 2 : null;
  return { kind: 'gaussian', weight, mean, standardDeviation, logScale, pruned: false };
}

/** A point mass as the fit writes it. */
export function atom(weight: number, value: number): Component {
  return { kind: 'atom', weight, mean: value, standardDeviation: 0, logScale: null, pruned: false };
}

/** A DOUBLE column without decimals, unless said otherwise. */
export function modelOf(components: Component[], changes: Partial<ColumnModel> = {}): ColumnModel {
  return {
    name: 'x',
    physicalType: 'DOUBLE',
    logicalType: null,
    resolution: 1e-6,
    centre: components[0].mean,
    precision: 'float32',
    rows: 0,
    nulls: 0,
    nonFinite: 0,
    min: null,
    max: null,
    decimals: null,
    components,
    bitsPerValue: null,
    objective: null,
    iterations: 0,
    converged: true,
    ...changes,
  };
}

import type { ColumnModel, Component } from '../shared/contract/model.ts';
import { uniform } from '../shared/numeric/draw.ts';
import { gaussian, modelOf } from '../test/support/models.ts';

export type Shape = 'separated' | 'overlapping' | 'heavy tail';
export type Kind = 'double' | 'int64';

/** A mixture of so many Gaussians, and values drawn from it. */
export interface KernelColumn {
  model: ColumnModel;
  values: Float64Array;
}

/** Integers are these many times the doubles, rounded: as many distinct values as cents or milliseconds have. */
const INTEGER_SCALE = 1000;

/** Deterministic: the same model and values in every run. */
export function kernelColumn(shape: Shape, count: number, kind: Kind, rows: number, seed = 0): KernelColumn {
  const scale = kind === 'int64' ? INTEGER_SCALE : 1;
  const components = Array.from({ length: count }, (_, k) => componentOf(shape, k, count, scale));
  components.sort((a, b) => b.weight - a.weight || a.mean - b.mean);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const { mean, standardDeviation } = pick(components, uniform(1, seed, row));
    const x = mean + standardDeviation * normal(uniform(2, seed, row), uniform(3, seed, row));
    values[row] = kind === 'int64' ? Math.round(x) : x;
  }
  const changes: Partial<ColumnModel> = kind === 'int64' ? { physicalType: 'INT64', resolution: 1, decimals: 0 } : {};
  return { model: modelOf(components, changes), values };
}

function componentOf(shape: Shape, k: number, count: number, scale: number): Component {
  const weight = (1 + 0.5 * Math.sin(k)) / count;
  const [mean, deviation] = {
    separated: [10 * k, 1],
    overlapping: [2 * k * (1 + 0.1 * Math.sin(3 * k)), 1 + (k % 3) * 0.7],
    'heavy tail': [0.3 * k, 1.5 ** ((15 * k) / count)],
  }[shape];
  return gaussian(weight, mean * scale, deviation * scale);
}

/** The weights' sum is near 1; what is left goes to the last. */
function pick(components: readonly Component[], u: number): Component {
  let rest = u;
  for (const component of components) {
    rest -= component.weight;
    if (rest < 0) return component;
  }
  return components[components.length - 1];
}

const normal = (u: number, v: number) => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);

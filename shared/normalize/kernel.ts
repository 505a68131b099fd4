import { ConfigurationError } from '../contract/errors.ts';
import type { ColumnModel } from '../contract/model.ts';
import { NAN_COMPONENT, NEGATIVE_INFINITY_COMPONENT, POSITIVE_INFINITY_COMPONENT } from '../contract/names.ts';
import { type DrawKeys, uniform } from '../numeric/draw.ts';
import { expNonPositive } from '../numeric/exp.ts';
import { GaussianTable } from './gaussian-table.ts';

/** How a column's mixture is applied. */
export interface KernelOptions {
  choose: 'sample' | 'argmax';
  clip: number | false;
  preset: 'modemap' | 'ctgan';
}

/** Rows of one object, as doubles. */
export interface KernelInput {
  values: Float64Array;
  /** 1 where there is a value, 0 under a null */
  valid: Uint8Array;
  /** index of the first of these rows in its object */
  rowStart: number;
  keys: DrawKeys;
}

/** The stored pair of each row, and which of its halves are null. */
export interface Pairs {
  normalized: Float32Array | Float64Array;
  /** 1 where `normalized` is a number: where the value is neither null nor NaN nor infinite */
  normalizedValid: Uint8Array;
  components: Int8Array;
}

/** With clipping off, a component farther than this (six standard deviations) counts as out of reach. */
const REACH_UNCLIPPED = 1.5;

/**
 * The plain kernel: one value after the other, every responsibility computed. It is the specification that any faster
 * kernel has to equal, pair for pair.
 *
 * @returns a function that normalizes rows of one object; it keeps nothing between calls
 * @see docs/format.md
 */
export function makeKernel(column: ColumnModel, options: KernelOptions): (input: KernelInput) => Pairs {
  if (options.preset === 'ctgan') {
    throw new ConfigurationError(
      `preset of column ${JSON.stringify(column.name)} must be "modemap", "ctgan" is not available yet`,
    );
  }
  const gaussians = new GaussianTable(column.components);
  const { means, standardDeviations, logScales, indices, count } = gaussians;
  const atoms = new Map(
    column.components.flatMap(({ kind, mean }, i) => (kind === 'atom' ? [[mean + 0, i] as const] : [])),
  );
  const shares = new Float64Array(count);
  const reach = options.clip === false ? REACH_UNCLIPPED : options.clip;
  const bound = options.clip === false ? Number.POSITIVE_INFINITY : options.clip;

  /** Position in the table of the component for x, before anything is said of clipping. */
  const choose = (x: number, keys: DrawKeys, row: number): number => {
    let best = -1;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const deviation = (x - means[k]) / standardDeviations[k];
      const density = logScales[k] - (deviation * deviation) / 2;
      shares[k] = density;
      if (density > largest) {
        largest = density;
        best = k;
      }
    }
    // so far from all of them that no density is a number: the rule for clipped values decides
    if (best < 0) return gaussians.nearest(x);
    if (options.choose === 'argmax') return best;
    let total = 0;
    for (let k = 0; k < count; k++) {
      total += expNonPositive(shares[k] - largest);
      shares[k] = total;
    }
    const threshold = uniform(keys, row) * total;
    for (let k = 0; k < count; k++) if (threshold < shares[k]) return k;
    return gaussians.last;
  };

  return ({ values, valid, rowStart, keys }) => {
    const rows = valid.length;
    const normalized = column.precision === 'float64' ? new Float64Array(rows) : new Float32Array(rows);
    const normalizedValid = new Uint8Array(rows);
    const components = new Int8Array(rows);
    for (let row = 0; row < rows; row++) {
      if (valid[row] === 0) continue;
      const x = values[row];
      if (x - x !== 0) {
        components[row] = Number.isNaN(x)
          ? NAN_COMPONENT
          : x > 0
            ? POSITIVE_INFINITY_COMPONENT
            : NEGATIVE_INFINITY_COMPONENT;
        continue;
      }
      normalizedValid[row] = 1;
      const atom = atoms.get(x + 0);
      if (atom !== undefined) {
        components[row] = atom;
        continue;
      }
      let k = choose(x, keys, rowStart + row);
      let z = (x - means[k]) / (4 * standardDeviations[k]);
      if (Math.abs(z) > reach) {
        k = gaussians.nearest(x);
        z = (x - means[k]) / (4 * standardDeviations[k]);
      }
      components[row] = indices[k];
      normalized[row] = z > bound ? bound : Math.max(z, -bound);
    }
    return { normalized, normalizedValid, components };
  };
}

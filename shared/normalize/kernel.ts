import { ConfigurationError } from '../contract/errors.ts';
import type { ColumnModel } from '../contract/model.ts';
import { NAN_COMPONENT, NEGATIVE_INFINITY_COMPONENT, POSITIVE_INFINITY_COMPONENT } from '../contract/names.ts';
import type { DrawKeys } from '../numeric/draw.ts';
import { makeChoice } from './choose-gaussian.ts';
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
  /** null where the value is null, and only there */
  components: Int8Array;
}

/** With clipping off, a component farther than this (six standard deviations) counts as out of reach. */
const REACH_UNCLIPPED = 1.5;
/** Without clipping too, what is stored is a number. */
const LARGEST = { float32: 2 ** 128 - 2 ** 104, float64: Number.MAX_VALUE } as const;

/** The largest |z| that is stored. */
export function boundOf(clip: number | false, precision: 'float32' | 'float64'): number {
  return clip === false ? LARGEST[precision] : clip;
}

/**
 * The plain kernel: one value after the other, every responsibility computed. It is the specification that any faster
 * kernel has to equal, pair for pair.
 *
 * @returns a function that normalizes rows of one object; a row's pair depends on its value, keys and row number
 *   alone, however an object's rows are cut into calls
 * @throws {ConfigurationError} for the `ctgan` preset, which is applied by other rules
 * @see docs/format.md
 */
export function makeKernel(column: ColumnModel, options: KernelOptions): (input: KernelInput) => Pairs {
  if (options.preset === 'ctgan') {
    throw new ConfigurationError(
      `preset of column ${JSON.stringify(column.name)} must be "modemap", got "ctgan", which this version cannot apply`,
    );
  }
  const gaussians = new GaussianTable(column.components);
  const { means, standardDeviations, indices } = gaussians;
  const { values: atomValues, indices: atomIndices } = atomsOf(column);
  const choose = makeChoice(gaussians, options.choose);
  const reach = options.clip === false ? REACH_UNCLIPPED : options.clip;
  const bound = boundOf(options.clip, column.precision);

  return ({ values, valid, rowStart, keys }) => {
    const rows = valid.length;
    const normalized = column.precision === 'float64' ? new Float64Array(rows) : new Float32Array(rows);
    const normalizedValid = new Uint8Array(rows);
    const components = new Int8Array(rows);
    for (let row = 0; row < rows; row++) {
      if (valid[row] === 0) continue;
      const x = values[row];
      if (x - x !== 0) {
        components[row] = codeOf(x);
        continue;
      }
      normalizedValid[row] = 1;
      let atom = 0;
      // equality of numbers: -0 equals 0
      while (atom < atomValues.length && atomValues[atom] !== x) atom++;
      if (atom < atomValues.length) {
        components[row] = atomIndices[atom];
        continue;
      }
      let k = choose(x, keys, rowStart + row);
      let z = (x - means[k]) / standardDeviations[k] / 4;
      if (Math.abs(z) > reach) {
        k = gaussians.nearest(x);
        z = (x - means[k]) / standardDeviations[k] / 4;
      }
      components[row] = indices[k];
      normalized[row] = Math.min(bound, Math.max(-bound, z));
    }
    return { normalized, normalizedValid, components };
  };
}

function atomsOf({ components }: ColumnModel): { values: Float64Array; indices: Int32Array } {
  const atoms = components
    .map(({ kind, mean }, index) => ({ kind, mean, index }))
    .filter(({ kind }) => kind === 'atom');
  return {
    values: Float64Array.from(atoms, ({ mean }) => mean),
    indices: Int32Array.from(atoms, ({ index }) => index),
  };
}

function codeOf(x: number): number {
  if (Number.isNaN(x)) return NAN_COMPONENT;
  return x > 0 ? POSITIVE_INFINITY_COMPONENT : NEGATIVE_INFINITY_COMPONENT;
}

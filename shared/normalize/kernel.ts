import type { ColumnModel } from '../contract/model.ts';
import { makeChoice } from './choose-gaussian.ts';
import { makeCtganKernel } from './ctgan-kernel.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, codeOf, type KernelInput, type KernelOptions, type Pairs } from './pairs.ts';

/** With clipping off, a component farther than this (six standard deviations) counts as out of reach. */
const REACH_UNCLIPPED = 1.5;

/**
 * The plain kernel: one value after the other, every responsibility computed. It is the specification that any faster
 * kernel has to equal, pair for pair.
 *
 * @returns a function that normalizes rows of one object; a row's pair depends on its value, keys and row number
 *   alone, however an object's rows are cut into calls
 * @see docs/format.md
 */
export function makeKernel(column: ColumnModel, options: KernelOptions): (input: KernelInput) => Pairs {
  if (options.preset === 'ctgan') return makeCtganKernel(column, options);
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

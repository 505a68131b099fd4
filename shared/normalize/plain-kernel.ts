import type { ColumnModel } from '../contract/model.ts';
import { AtomTable } from './atom-table.ts';
import { makeCtganChoice } from './choose-ctgan.ts';
import { type ChooseGaussian, makeChoice } from './choose-gaussian.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, codeOf, type Kernel, type KernelOptions, reachOf } from './pairs.ts';

/**
 * The plain kernel: one value after the other, every responsibility computed. It is the specification that any faster
 * kernel has to equal, pair for pair.
 *
 * The `ctgan` preset has its own choice and nothing else: no atoms, and no component is preferred for being near.
 *
 * @returns a function that normalizes rows of one object; a row's pair depends on its value, keys and row number
 *   alone, however an object's rows are cut into calls
 * @throws {RangeError} if no Gaussian is kept
 * @see docs/format.md
 */
export function makePlainKernel(column: ColumnModel, options: KernelOptions): Kernel {
  const gaussians = new GaussianTable(column.components);
  const { means, standardDeviations, indices } = gaussians;
  const atoms = new AtomTable(column.components);
  const choose = choiceOf(column, gaussians, options);
  const reach = reachOf(options);
  const bound = boundOf(options.clip, column.precision);

  return ({ values, valid, rowStart, keys }, metrics) => {
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
      const atom = atoms.find(x);
      if (atom >= 0) {
        components[row] = atom;
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
    const pairs = { normalized, normalizedValid, components };
    metrics?.add(values, valid, pairs);
    return pairs;
  };
}

function choiceOf(column: ColumnModel, gaussians: GaussianTable, { preset, choose }: KernelOptions): ChooseGaussian {
  return preset === 'ctgan' ? makeCtganChoice(column, gaussians, choose) : makeChoice(gaussians, choose);
}

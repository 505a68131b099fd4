import type { ColumnModel } from '../contract/model.ts';
import { uniform } from '../numeric/draw.ts';
import { expNonPositive } from '../numeric/exp.ts';
import type { ChooseGaussian } from './choose-gaussian.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, codeOf, type KernelInput, type KernelOptions, type Pairs } from './pairs.ts';

/** What the reference adds to every probability before it draws. */
const FLOOR = 1e-6;

/**
 * The kernel of the `ctgan` preset: the component is chosen by the responsibilities of all components, restricted to
 * the kept ones, 1e-6 added to each; what lies beyond its clip is clipped. There are no atoms, and no component is
 * preferred for being near.
 *
 * A row's pair depends on its value, keys and row number alone, however an object's rows are cut into calls.
 *
 * @throws {RangeError} if no component is kept
 */
export function makeCtganKernel(column: ColumnModel, { choose, clip }: KernelOptions): (input: KernelInput) => Pairs {
  const kept = new GaussianTable(column.components);
  const { means, standardDeviations, indices } = kept;
  const choice = makeCtganChoice(column, kept, choose);
  const bound = boundOf(clip, column.precision);

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
      const k = choice(x, keys, rowStart + row);
      const z = (x - means[k]) / standardDeviations[k] / 4;
      normalizedValid[row] = 1;
      components[row] = indices[k];
      normalized[row] = Math.min(bound, Math.max(-bound, z));
    }
    return { normalized, normalizedValid, components };
  };
}

/**
 * With e_k = exp(L_k - max L) over all components in model order, a kept one has p_k = e_k / sum e + 1e-6; `sample`
 * takes the first kept k with u * sum p < p_1 + ... + p_k, `argmax` the kept one of the largest L_k.
 *
 * Where a pruned component takes (almost) all of a value, the kept ones are as likely as each other: the reference does
 * the same. Where x is so far that no L_k is above -Infinity, so are all; the largest is then the nearest in standard
 * deviations.
 */
function makeCtganChoice(
  { components }: ColumnModel,
  kept: GaussianTable,
  choose: 'sample' | 'argmax',
): ChooseGaussian {
  // pruned ones are last, so the kept ones have the same positions in both tables
  const { count, means, inverses, logScales } = new GaussianTable(
    components.map((component) => ({ ...component, pruned: false })),
  );
  const shares = new Float64Array(count);
  const isDrawn = choose === 'sample';
  return (x, { k0, k1 }, row) => {
    let best = -1;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const deviation = (x - means[k]) * inverses[k];
      const logDensity = logScales[k] - 0.5 * (deviation * deviation);
      shares[k] = logDensity;
      if (logDensity > largest) {
        largest = logDensity;
        if (k < kept.count) best = k;
      }
    }
    if (!isDrawn) return best < 0 ? kept.nearest(x) : best;
    let total = 0;
    for (let k = 0; k < count; k++) {
      shares[k] = largest === Number.NEGATIVE_INFINITY ? 0 : expNonPositive(shares[k] - largest);
      total += shares[k];
    }
    const divisor = total || 1;
    let sum = 0;
    for (let k = 0; k < kept.count; k++) {
      sum += shares[k] / divisor + FLOOR;
      shares[k] = sum;
    }
    const threshold = uniform(k0, k1, row) * sum;
    let drawn = 0;
    while (drawn < kept.count - 1 && threshold >= shares[drawn]) drawn++;
    return drawn;
  };
}

import type { ColumnModel } from '../contract/model.ts';
import { uniform } from '../numeric/draw.ts';
import { expNonPositive } from '../numeric/exp.ts';
import { type ChooseGaussian, logDensities } from './choose-gaussian.ts';
import { GaussianTable } from './gaussian-table.ts';

/** What the reference adds to every probability before it draws. */
const FLOOR = 1e-6;

/**
 * The choice of the `ctgan` preset: by the responsibilities of all components, restricted to the kept ones, 1e-6 added
 * to each.
 *
 * With e_k = exp(L_k - max L) over all components in model order, a kept one has p_k = e_k / sum e + 1e-6; `sample`
 * takes the first kept k with u * sum p < p_1 + ... + p_k, `argmax` the kept one of the largest L_k.
 *
 * Where a pruned component takes (almost) all of a value, the kept ones are as likely as each other: the reference does
 * the same. Where x is so far that no L_k is above -Infinity, so are all; the largest is then the nearest in standard
 * deviations.
 */
export function makeCtganChoice(
  { components }: ColumnModel,
  kept: GaussianTable,
  choose: 'sample' | 'argmax',
): ChooseGaussian {
  // pruned ones are last, so the kept ones have the same positions in both tables
  const all = new GaussianTable(components.map((component) => ({ ...component, pruned: false })));
  const { count } = all;
  const shares = new Float64Array(count);
  const isDrawn = choose === 'sample';
  return (x, { k0, k1 }, row) => {
    if (!isDrawn) {
      const best = logDensities(kept, x, shares);
      return best < 0 ? kept.nearest(x) : best;
    }
    const likeliest = logDensities(all, x, shares);
    const largest = likeliest < 0 ? Number.NEGATIVE_INFINITY : shares[likeliest];
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

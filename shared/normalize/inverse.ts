import type { ColumnModel } from '../contract/model.ts';
import { rint } from '../numeric/rint.ts';

/**
 * The way back from a stored pair: mean + 4 (sd z) in double, rounded (half to even) to the model's decimals where it
 * has them, then to the column's type.
 *
 * @returns a function of the normalized value as stored and the component's number; an atom gives its value
 * @see docs/format.md, "Inverse"
 */
export function makeInverse(
  column: Pick<ColumnModel, 'components' | 'decimals' | 'physicalType'>,
): (z: number, component: number) => number {
  const { components, decimals, physicalType } = column;
  const means = Float64Array.from(components, ({ mean }) => mean);
  const standardDeviations = Float64Array.from(components, ({ standardDeviation }) => standardDeviation);
  // the nearest double to the power, which ** does not promise
  const power = Number(`1e${decimals ?? 0}`);
  const isFloat = physicalType === 'FLOAT';
  return (z, component) => {
    const standardDeviation = standardDeviations[component];
    if (standardDeviation === 0) return means[component];
    // four times last: 4 sd alone may overflow
    let x = means[component] + 4 * (standardDeviation * z);
    if (decimals !== null) x = rint(x * power) / power;
    return isFloat ? Math.fround(x) : x;
  };
}

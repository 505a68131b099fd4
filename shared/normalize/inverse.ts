import type { ColumnModel } from '../contract/model.ts';
import { rint } from '../numeric/rint.ts';

/**
 * The way back from a stored pair: mean + 4 sd z in double, rounded (half to even) to the model's decimals where it
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
  const widths = Float64Array.from(components, ({ standardDeviation }) => 4 * standardDeviation);
  const power = 10 ** (decimals ?? 0);
  const isFloat = physicalType === 'FLOAT';
  return (z, component) => {
    const width = widths[component];
    if (width === 0) return means[component];
    let x = means[component] + width * z;
    if (decimals !== null) x = rint(x * power) / power;
    return isFloat ? Math.fround(x) : x;
  };
}

import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { ColumnModel } from '../../shared/contract/model.ts';

/** Half an ulp of a stored float32 below 1, as a share of four standard deviations. */
const FLOAT32_ERROR = 2 ** -25;

/** float64 where a float32 could not give the values of a column that has decimals back exactly. */
export function precisionOf(
  components: ColumnModel['components'],
  decimals: number | null,
  resolution: number,
  precision: ColumnOptions['precision'],
): 'float32' | 'float64' {
  if (precision !== 'auto') return precision;
  const widest = Math.max(...components.map(({ standardDeviation, pruned }) => (pruned ? 0 : standardDeviation)));
  return decimals !== null && 4 * widest * FLOAT32_ERROR > resolution / 2 ? 'float64' : 'float32';
}

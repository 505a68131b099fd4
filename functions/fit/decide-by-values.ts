import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { NumericType } from '../../shared/parquet/footer-types.ts';

/** Integers of fewer distinct values are codes or small counts: a table for a model to learn by heart. */
const FEW_DISTINCT = 50;
/** Integers that hardly ever repeat are keys, not measures. */
const KEY_SHARE = 0.9;

/** What the values of a column say, where its type did not decide. */
export interface SampledValues {
  /** finite values in the sample */
  count: number;
  distinct: number;
  /** digits after the point; null where there is no such number */
  decimals: number | null;
}

/**
 * Decide whether a candidate column is normalized, by its options and, failing those, by its sampled values.
 *
 * @returns the action, and the reason in a user's words
 */
export function decideByValues(
  numeric: NumericType,
  { count, distinct, decimals }: SampledValues,
  { action }: Pick<ColumnOptions, 'action'>,
): { action: 'normalize' | 'pass'; reason: string } {
  if (action === 'normalize') return { action, reason: 'as configured' };
  if (count === 0) return { action: 'pass', reason: 'no finite value in the sample' };
  if (distinct === 1) return { action: 'pass', reason: 'constant in the sample' };
  const isInteger = numeric.kind === 'integer' || (numeric.kind === 'float' && decimals === 0);
  if (!isInteger) return { action: 'normalize', reason: `continuous: ${distinct} distinct values in the sample` };
  if (distinct <= FEW_DISTINCT) {
    return { action: 'pass', reason: `integers of ${distinct} distinct values (at most ${FEW_DISTINCT}) are a code` };
  }
  if (distinct >= KEY_SHARE * count) {
    return {
      action: 'pass',
      reason: `integers of which ${Math.floor((100 * distinct) / count)} % are distinct are a key`,
    };
  }
  return { action: 'normalize', reason: `integers of ${distinct} distinct values in the sample` };
}

/** Continuous columns are scored at this share of their interquartile range. */
const SHARE = 2 ** -20;

/**
 * The resolution of a column: 10^-decimals, or where it has none 2^-20 of the interquartile range; of the values other
 * than the most frequent one where that range is 0; of the magnitude where that is 0 too. Not below the smallest double:
 * that is the step of all values that no finer one could tell apart.
 *
 * @param values finite, in any order
 * @param decimals digits after the point that reproduce every value, or null
 * @returns > 0 and finite
 */
export function resolutionOf(values: Float64Array, decimals: number | null): number {
  return resolutionOfSorted(decimals === null ? values.slice().sort() : values, decimals);
}

/** The same of values that ascend. */
export function resolutionOfSorted(sorted: Float64Array, decimals: number | null): number {
  // parsing rounds to the nearest double, which a power with a negative exponent does not
  if (decimals !== null) return Number(`1e-${decimals}`);
  const magnitude = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0));
  const range = interquartileRange(sorted) || interquartileRange(withoutMode(sorted)) || magnitude || 1;
  return Math.min(Math.max(range * SHARE, Number.MIN_VALUE), Number.MAX_VALUE);
}

/** Halved before the difference, which could overflow. */
function interquartileRange(sorted: Float64Array): number {
  const n = sorted.length;
  if (n === 0) return 0;
  const half = sorted[Math.floor(0.75 * (n - 1))] / 2 - sorted[Math.floor(0.25 * (n - 1))] / 2;
  return Math.min(2 * half, Number.MAX_VALUE);
}

function withoutMode(sorted: Float64Array): Float64Array {
  let [modeStart, modeEnd] = [0, 0];
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > modeEnd - modeStart) [modeStart, modeEnd] = [start, end];
    start = end;
  }
  return sorted.filter((_, i) => i < modeStart || i >= modeEnd);
}

/** What a setting costs in each of several blocks of rows that it was not fitted to. */
export interface BlockScores {
  /** how large a model the setting allows: the smaller of two as good ones is the better one */
  size: number;
  /** mean of the block's rows, one number a block; the lower the better */
  blocks: Float64Array;
}

/**
 * The smallest setting that is as good as the best: the mean of its excess over the best one, block by block, is at
 * most the standard error of that mean. Block by block, since what makes a block dear makes it dear to both.
 *
 * @param rows of each block
 * @returns indices of the best by mean, and of the smallest that is as good
 * @throws {RangeError} if there is no candidate
 * @see Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, section 7.10
 */
export function oneStandardError(
  candidates: readonly BlockScores[],
  rows: Float64Array,
): { best: number; chosen: number } {
  if (candidates.length === 0) throw new RangeError('candidates must hold at least one, got none');
  const means = candidates.map(({ blocks }) => meanOf(blocks, rows));
  const best = means.indexOf(Math.min(...means));
  let chosen = best;
  for (const [i, { size, blocks }] of candidates.entries()) {
    if (size >= candidates[chosen].size) continue;
    const excess = blocks.map((score, b) => score - candidates[best].blocks[b]);
    if (meanOf(excess, rows) <= standardErrorOf(excess, rows)) chosen = i;
  }
  return { best, chosen };
}

/** Mean over rows. */
export function meanOf(blocks: Float64Array, rows: Float64Array): number {
  const total = rows.reduce((sum, count) => sum + count, 0);
  return blocks.reduce((sum, score, b) => sum + (rows[b] / total) * score, 0);
}

/** Of the mean over rows, from how the blocks differ; 0 of a single block. */
export function standardErrorOf(blocks: Float64Array, rows: Float64Array): number {
  if (blocks.length < 2) return 0;
  const mean = meanOf(blocks, rows);
  const total = rows.reduce((sum, count) => sum + count, 0);
  const spread = blocks.reduce((sum, score, b) => sum + (rows[b] / total) * (score - mean) ** 2, 0);
  return Math.sqrt(spread / (blocks.length - 1));
}

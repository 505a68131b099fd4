import { binRows } from '../../shared/mixture/bin-rows.ts';
import type { WeightedBins } from '../../shared/numeric/weighted-bins.ts';
import { randomSource } from '../../shared/tuning/random-source.ts';

/** Blocks of held-out rows: as many as tell a standard error. */
const BLOCKS = 10;

/** A column's sample in two halves: what is fitted to, and what is scored. */
export interface HeldOut {
  fit: WeightedBins;
  /** the other half, in blocks that each hold a row at least */
  blocks: WeightedBins[];
  /** of each block */
  rows: Float64Array;
}

/**
 * Split a column's sampled values at random, the same way whenever the seed is the same, into bins to fit to and
 * blocks of bins to score.
 *
 * @param values finite
 * @param weights of the values, or null where all weigh the same
 * @throws {RangeError} if there are fewer than two values
 */
export function holdOut(
  values: Float64Array,
  weights: Float64Array | null,
  { resolution, seed, column }: { resolution: number; seed: number; column: string },
): HeldOut {
  if (values.length < 2) throw new RangeError(`values must hold at least 2, got ${values.length}`);
  const random = randomSource(seed, column, 'hold-out');
  // block 0 is fitted to; one row is on each side whatever is drawn
  const blockOf = Uint8Array.from(values, (_, row) => {
    const drawn = random();
    if (row < 2) return row;
    return drawn < 0.5 ? 0 : 1 + Math.floor((drawn - 0.5) * 2 * BLOCKS);
  });
  const binsOf = (block: number) => {
    const isIn = (_: number, row: number) => blockOf[row] === block;
    return binRows(values.filter(isIn), weights?.filter(isIn) ?? null, resolution);
  };
  const blocks = Array.from({ length: BLOCKS }, (_, b) => binsOf(b + 1)).filter(({ count }) => count.length > 0);
  const rows = Float64Array.from(blocks, ({ count }) => count.reduce((sum, rowsOfBin) => sum + rowsOfBin, 0));
  return { fit: binsOf(0), blocks, rows };
}

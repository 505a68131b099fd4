import type { Component } from '../contract/model.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { lowMass } from './low-mass.ts';
import { massOfRange, type UnseenMode, unseenModes } from './unseen-modes.ts';

/** A fair sample holds none of the rows of a mode of which it should hold so many once in 500 million samples. */
const SURELY_SAMPLED = 20;

export interface UnseenRowsInput {
  /** all rows */
  bins: WeightedBins;
  /** of the sample's model */
  components: readonly Component[];
  refit: readonly Component[];
  resolution: number;
  /** of all rows */
  sampledShare: number;
}

/**
 * Rows in modes that the sample's model does not know because the sample did not hold them.
 *
 * A column may have more modes than a mixture has components: then the sample's model leaves out some that it was shown,
 * the refit others, and neither says anything about the sample. The column is known by this: there are modes that no
 * fair sample could miss and that the refit leaves out too.
 */
export function unseenRows(input: UnseenRowsInput): number {
  const { bins, components, refit, resolution, sampledShare } = input;
  const total = bins.count.reduce((sum, count) => sum + count, 0);
  const stillRemote = lowMass(bins, refit);
  const isKnown = ({ lower, upper, rows, isRemote }: UnseenMode) =>
    total * massOfRange(refit, lower, upper, resolution) > rows / 2 ||
    (isRemote && rowsWithin(bins, stillRemote, lower, upper) < rows / 2);
  const modes = unseenModes(bins, components, resolution);
  const isCrowded = modes.some((mode) => mode.rows * sampledShare >= SURELY_SAMPLED && !isKnown(mode));
  const unseen = isCrowded ? modes.filter((mode) => mode.isRemote && isKnown(mode)) : modes;
  return unseen.reduce((sum, { rows }) => sum + rows, 0);
}

/** Rows of the bins that lie in a range. */
function rowsWithin(bins: WeightedBins, rows: Float64Array, lower: number, upper: number): number {
  return rows.reduce((sum, count, b) => sum + (bins.lower[b] >= lower && bins.upper[b] <= upper ? count : 0), 0);
}

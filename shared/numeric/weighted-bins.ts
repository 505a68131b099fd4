/**
 * A column reduced to bins in ascending order: the only thing a fit sees, whether it comes from sampled rows or from
 * the merged summaries of all rows. Structure of arrays, all of the same length; the bins do not overlap.
 */
export interface WeightedBins {
  /** rows (or weight) in each bin, > 0 */
  count: Float64Array;
  /** mean of the bin's values */
  mean: Float64Array;
  /** population variance of the bin's values, >= 0 */
  variance: Float64Array;
  /** smallest value the bin may hold */
  lower: Float64Array;
  /** largest value the bin may hold */
  upper: Float64Array;
  /** 1 where every row of the bin has the one value `mean`, bit for bit; else 0 */
  exact: Uint8Array;
}

import * as z from 'zod';

const count = z.int().min(0);
const figure = z.number().nullable();

/** One partition's figures for one normalized column; null where there is no finite row. */
export const metricsRowSchema = z.strictObject({
  pass: count,
  partition: count,
  column: z.string(),
  rows: count,
  nulls: count,
  nonFinite: count,
  /** integers or unscaled decimals that no double holds */
  inexact: count,
  meanAbsoluteError: figure,
  rootMeanSquareError: figure,
  maxAbsoluteError: figure,
  clipped: count,
  /** farther than 6 sd from every Gaussian and on no atom */
  lowMass: count,
  bitsPerValue: figure,
  /** largest gap between the partition's and the model's distribution function */
  ksDistance: figure,
  minimum: figure,
  maximum: figure,
  mean: figure,
  /** of the population */
  standardDeviation: figure,
  /** finite rows of each component, in the model's order */
  componentCounts: z.array(count),
});
export type MetricsRow = z.infer<typeof metricsRowSchema>;

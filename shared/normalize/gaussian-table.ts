import type { Component } from '../contract/model.ts';

/** The Gaussians of a mixture as arrays, in model order; atoms and pruned components left out. */
export class GaussianTable {
  readonly count: number;
  /** [count], of the column's values */
  readonly means: Float64Array;
  readonly standardDeviations: Float64Array;
  /** 1 / standard deviation */
  readonly inverses: Float64Array;
  /** ln weight - ln sd - ln(2 pi)/2; -Infinity for a Gaussian of weight 0, which is never drawn */
  readonly logScales: Float64Array;
  /** number of the component in the model */
  readonly indices: Int32Array;

  /** @throws {RangeError} if there is no Gaussian: every finite value must have a place */
  constructor(components: readonly Component[]) {
    const numbered = components.map((component, index) => ({ ...component, index }));
    const gaussians = numbered.filter(({ kind, pruned }) => kind === 'gaussian' && !pruned);
    if (gaussians.length === 0) throw new RangeError('components must hold a gaussian, got none');
    this.count = gaussians.length;
    this.means = Float64Array.from(gaussians, ({ mean }) => mean);
    this.standardDeviations = Float64Array.from(gaussians, ({ standardDeviation }) => standardDeviation);
    this.inverses = this.standardDeviations.map((standardDeviation) => 1 / standardDeviation);
    this.logScales = Float64Array.from(gaussians, ({ logScale }) => logScale ?? Number.NEGATIVE_INFINITY);
    this.indices = Int32Array.from(gaussians, ({ index }) => index);
  }

  /** Position of the Gaussian nearest to x in its own standard deviations; of equally near ones the first. */
  nearest(x: number): number {
    let best = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let k = 0; k < this.count; k++) {
      const distance = Math.abs((x - this.means[k]) / this.standardDeviations[k]);
      if (distance < smallest) {
        smallest = distance;
        best = k;
      }
    }
    return best;
  }
}

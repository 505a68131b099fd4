import type { Component } from '../../../shared/contract/model.ts';
import type { WeightedBins } from '../../../shared/numeric/weighted-bins.ts';

/** Mean over rows of ln sum exp L_k, pruned components included: scikit-learn's score. */
export function meanLogLikelihood({ count, mean }: WeightedBins, components: readonly Component[]): number {
  let sum = 0;
  let rows = 0;
  for (let b = 0; b < count.length; b++) {
    const logs = components.map((c) => c.logScale! - ((mean[b] - c.mean) / c.standardDeviation) ** 2 / 2);
    const largest = Math.max(...logs);
    sum += count[b] * (largest + Math.log(logs.reduce((total, l) => total + Math.exp(l - largest), 0)));
    rows += count[b];
  }
  return sum / rows;
}

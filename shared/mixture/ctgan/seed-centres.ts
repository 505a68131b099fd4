import type { CtganData } from './ctgan-data.ts';

/**
 * Greedy k-means++: the first centre is a row drawn at random; of a few rows drawn with probability proportional to
 * the squared distance to the nearest centre so far, the one that leaves the smallest total becomes the next.
 *
 * @param random uniform numbers in [0, 1)
 * @returns centres in the order chosen, [nClusters]
 * @see Arthur and Vassilvitskii (2007), k-means++: the advantages of careful seeding
 */
export function seedCentres(
  { length, count, mean }: Pick<CtganData, 'length' | 'count' | 'mean'>,
  nClusters: number,
  random: () => number,
): Float64Array {
  const centres = new Float64Array(nClusters);
  const nCandidates = 2 + Math.floor(Math.log(nClusters));
  let potential = new Float64Array(length);
  let candidatePotential = new Float64Array(length);
  let bestPotential = new Float64Array(length);

  centres[0] = mean[locate(count, random())];
  for (let b = 0; b < length; b++) potential[b] = count[b] * (mean[b] - centres[0]) ** 2;
  for (let k = 1; k < nClusters; k++) {
    let best = Number.POSITIVE_INFINITY;
    for (let candidate = 0; candidate < nCandidates; candidate++) {
      const centre = mean[locate(potential, random())];
      let total = 0;
      for (let b = 0; b < length; b++) {
        candidatePotential[b] = Math.min(potential[b], count[b] * (mean[b] - centre) ** 2);
        total += candidatePotential[b];
      }
      if (!(total < best)) continue;
      best = total;
      centres[k] = centre;
      [bestPotential, candidatePotential] = [candidatePotential, bestPotential];
    }
    [potential, bestPotential] = [bestPotential, potential];
  }
  return centres;
}

/** The bin at which the running sum of `weights` passes u times their total. */
function locate(weights: Float64Array, u: number): number {
  let total = 0;
  for (const weight of weights) total += weight;
  const threshold = u * total;
  let sum = 0;
  for (let b = 0; b < weights.length; b++) {
    sum += weights[b];
    if (threshold < sum) return b;
  }
  return weights.length - 1;
}

import type { CtganData } from './ctgan-data.ts';
import { seedCentres } from './seed-centres.ts';

const MAX_ROUNDS = 300;
/** Of the column's variance: centres that move less have arrived. */
const TOLERANCE = 1e-4;

type Points = Pick<CtganData, 'length' | 'count' | 'total' | 'mean'>;

/**
 * Label bins by k-means: greedy k-means++, then Lloyd's rounds until the labels repeat or the centres hardly move.
 * Labels are in the order in which the centres were seeded; where there are fewer distinct values, some stay unused.
 *
 * @param random uniform numbers in [0, 1)
 * @returns label of each bin, in 0..nClusters - 1
 * @see Lloyd (1982), Least squares quantization in PCM
 */
export function kMeansLabels(points: Points, nClusters: number, random: () => number): Int32Array {
  const centres = seedCentres(points, nClusters, random);
  const labels = new Int32Array(points.length).fill(-1);
  const rows = new Float64Array(nClusters);
  const sums = new Float64Array(nClusters);
  const enough = TOLERANCE * varianceOf(points);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (!assign(points, centres, labels)) return labels;
    if (moveCentres(points, labels, centres, rows, sums) <= enough) break;
  }
  assign(points, centres, labels);
  return labels;
}

/** Give each bin its nearest centre, the first of equally near ones; whether any label changed. */
function assign({ length, mean }: Points, centres: Float64Array, labels: Int32Array): boolean {
  let isChanged = false;
  for (let b = 0; b < length; b++) {
    let nearest = 0;
    for (let k = 1; k < centres.length; k++) {
      if (Math.abs(mean[b] - centres[k]) < Math.abs(mean[b] - centres[nearest])) nearest = k;
    }
    if (labels[b] !== nearest) isChanged = true;
    labels[b] = nearest;
  }
  return isChanged;
}

/** Move the centres to the means of their bins; the sum of squared shifts. */
function moveCentres(
  points: Points,
  labels: Int32Array,
  centres: Float64Array,
  rows: Float64Array,
  sums: Float64Array,
) {
  const { length, count, mean } = points;
  rows.fill(0);
  sums.fill(0);
  for (let b = 0; b < length; b++) {
    rows[labels[b]] += count[b];
    sums[labels[b]] += count[b] * mean[b];
  }
  for (let k = 0; k < centres.length; k++) if (rows[k] === 0) refill(k, points, labels, centres, rows, sums);
  let shifts = 0;
  for (let k = 0; k < centres.length; k++) {
    if (rows[k] === 0) continue;
    const centre = sums[k] / rows[k];
    shifts += (centre - centres[k]) ** 2;
    centres[k] = centre;
  }
  return shifts;
}

/** A cluster left empty takes the bin farthest from its centre, where there is any that is not on it. */
function refill(
  cluster: number,
  { length, count, mean }: Points,
  labels: Int32Array,
  centres: Float64Array,
  rows: Float64Array,
  sums: Float64Array,
): void {
  let farthest = -1;
  let largest = 0;
  for (let b = 0; b < length; b++) {
    const distance = Math.abs(mean[b] - centres[labels[b]]);
    if (distance <= largest) continue;
    largest = distance;
    farthest = b;
  }
  if (farthest < 0) return;
  const from = labels[farthest];
  labels[farthest] = cluster;
  rows[from] -= count[farthest];
  sums[from] -= count[farthest] * mean[farthest];
  rows[cluster] = count[farthest];
  sums[cluster] = count[farthest] * mean[farthest];
}

/** Bin means are about 0. */
function varianceOf({ length, count, total, mean }: Points): number {
  let squares = 0;
  for (let b = 0; b < length; b++) squares += count[b] * mean[b] * mean[b];
  return squares / total;
}

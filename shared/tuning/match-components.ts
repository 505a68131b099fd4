import type { Component } from '../contract/model.ts';

/**
 * Two Gaussians that overlap less (Bhattacharyya coefficient) are not the same one: of equal width, they lie more than
 * 1.34 standard deviations apart; with one mean, one is 2.7 times as wide as the other.
 */
export const LEAST_OVERLAP = 0.8;

/**
 * Pair the components of two mixtures, those that overlap most first, each at most once.
 *
 * @returns for each of `components` the index of its partner among `others`, or -1
 * @see Bhattacharyya (1943), On a measure of divergence between two statistical populations
 */
export function matchComponents(components: readonly Component[], others: readonly Component[]): Int32Array {
  const pairs = components.flatMap((component, i) =>
    others.map((other, j) => ({ i, j, overlap: overlapOf(component, other) })),
  );
  const partners = new Int32Array(components.length).fill(-1);
  const taken = new Set<number>();
  pairs.sort((a, b) => b.overlap - a.overlap || a.i - b.i || a.j - b.j);
  for (const { i, j, overlap } of pairs) {
    if (overlap < LEAST_OVERLAP) break;
    if (partners[i] >= 0 || taken.has(j)) continue;
    partners[i] = j;
    taken.add(j);
  }
  return partners;
}

/** Bhattacharyya coefficient, 0..1; an atom overlaps with the atom of the same value only. */
export function overlapOf(a: Component, b: Component): number {
  if (a.kind !== b.kind) return 0;
  if (a.kind === 'atom') return a.mean === b.mean ? 1 : 0;
  // in units of the wider one: neither square overflows
  const wider = Math.max(a.standardDeviation, b.standardDeviation);
  const ratio = Math.min(a.standardDeviation, b.standardDeviation) / wider;
  const distance = (a.mean - b.mean) / wider;
  const spread = 1 + ratio * ratio;
  return Math.sqrt((2 * ratio) / spread) * Math.exp(-(distance * distance) / (4 * spread));
}

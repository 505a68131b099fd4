import type { WeightedBins } from '../numeric/weighted-bins.ts';

/** The most repeated values stay bins of their own, so that atoms can be told from dense places. */
const MOST_REPEATED = 64;
const REPEATED_ROWS = 5;

/** 1 for the exact bins of the most repeated values, else 0. */
export function mostRepeated({ count, exact }: WeightedBins): Uint8Array {
  const isolated = new Uint8Array(count.length);
  const repeated: number[] = [];
  for (let i = 0; i < count.length; i++) if (exact[i] === 1 && count[i] >= REPEATED_ROWS) repeated.push(i);
  repeated.sort((a, b) => count[b] - count[a] || a - b);
  for (const i of repeated.slice(0, MOST_REPEATED)) isolated[i] = 1;
  return isolated;
}

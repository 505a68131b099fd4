import type { Component } from '../contract/model.ts';
import { normalCdf } from '../numeric/normal-distribution.ts';
import type { WeightedBins } from '../numeric/weighted-bins.ts';
import { lowMass } from './low-mass.ts';

/** Rows that lie together, apart from others, and that a model does not expect there. */
export interface UnseenMode {
  lower: number;
  upper: number;
  rows: number;
  /** whether the model does not explain most of the rows at all */
  isRemote: boolean;
}

/** A model that expects a tenth of the rows of a place does not know what is there. */
const TIMES_EXPECTED = 10;
/** How far on each side a window is compared with its surroundings, in its own widths. */
const FLANK_WIDTHS = 2;
/** Of the rows in a window and in the denser flank, a density that falls to one side puts at most this share in the window. */
const SHARE_BY_CHANCE = 1 / (1 + FLANK_WIDTHS);
/** Chance that a column without modes shows one, over all windows that begin at one of its bins. */
const CHANCE = 1e-4;
const WINDOW_GROWTH = 1.25;
/** A greater share of the rows shows in the likelihood, and hardly leaves room beside it for flanks. */
const LARGEST_SHARE = 0.1;

/**
 * Modes that a model does not know: narrow windows with ten times the rows that it expects, or most of whose rows it does
 * not explain at all, and hardly any rows beside them. A heavy tail that reaches farther than the model has such rows too, but they do not lie together: under any
 * density that is monotone about a window, its rows are at most a binomial share of those in it and its flanks.
 *
 * @param bins of all rows, ascending
 * @param expecting the model asked about
 * @param step the column's resolution: no window is narrower
 * @returns the ones with most evidence, which do not overlap
 * @see Chernoff (1952), A measure of asymptotic efficiency for tests of a hypothesis based on the sum of observations
 */
export function unseenModes(bins: WeightedBins, expecting: readonly Component[], step: number): UnseenMode[] {
  const { lower, upper } = bins;
  const length = bins.count.length;
  const rowsBefore = cumulated(bins.count);
  const total = rowsBefore[length];
  const remoteBefore = cumulated(lowMass(bins, expecting));
  const below = lower.map((x) => massBelow(x - step / 2, expecting, false));
  const upTo = upper.map((x) => massBelow(x + step / 2, expecting, true));
  const leastEvidence = Math.log(Math.max(1, length) / CHANCE);
  const fewestRows = leastEvidence / -Math.log(SHARE_BY_CHANCE);
  const found: (UnseenMode & { evidence: number })[] = [];
  for (let size = 1; size <= length; size = Math.max(size + 1, Math.round(size * WINDOW_GROWTH))) {
    for (let start = 0; start + size <= length; start++) {
      const end = start + size;
      const rows = rowsBefore[end] - rowsBefore[start];
      if (rows < fewestRows || rows > LARGEST_SHARE * total) continue;
      const isRemote = remoteBefore[end] - remoteBefore[start] > rows / 2;
      if (!isRemote && rows < TIMES_EXPECTED * total * (upTo[end - 1] - below[start])) continue;
      const around = rows + rowsBeside(bins, rowsBefore, start, end, step);
      const evidence = around * divergence(rows / around);
      if (evidence >= leastEvidence)
        found.push({ lower: lower[start], upper: upper[end - 1], rows, isRemote, evidence });
    }
  }
  return withoutOverlap(found.sort((a, b) => b.evidence - a.evidence || a.lower - b.lower));
}

/** Mass that a model gives to a range of values, both ends and their steps included. */
export function massOfRange(components: readonly Component[], lower: number, upper: number, step: number): number {
  return massBelow(upper + step / 2, components, true) - massBelow(lower - step / 2, components, false);
}

/** @param inclusive whether an atom at `x` counts */
function massBelow(x: number, components: readonly Component[], inclusive: boolean): number {
  let mass = 0;
  for (const { kind, weight, mean, standardDeviation, pruned } of components) {
    if (pruned || weight === 0) continue;
    if (kind === 'atom') mass += mean < x || (inclusive && mean === x) ? weight : 0;
    else mass += weight * normalCdf((x - mean) / standardDeviation);
  }
  return mass;
}

/** Rows within the flanks on both sides. */
function rowsBeside(bins: WeightedBins, rowsBefore: Float64Array, start: number, end: number, step: number): number {
  const { lower, upper, mean } = bins;
  const reach = FLANK_WIDTHS * Math.max(upper[end - 1] - lower[start], step);
  const from = firstAbove(mean, lower[start] - reach, 0, start);
  const to = firstAbove(mean, upper[end - 1] + reach, end, mean.length);
  return rowsBefore[start] - rowsBefore[from] + rowsBefore[to] - rowsBefore[end];
}

/** Nats a row by which a share speaks against the one that chance allows. */
function divergence(share: number): number {
  if (share <= SHARE_BY_CHANCE) return 0;
  const rest = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - SHARE_BY_CHANCE)) : 0;
  return share * Math.log(share / SHARE_BY_CHANCE) + rest;
}

function withoutOverlap(found: readonly UnseenMode[]): UnseenMode[] {
  const chosen: UnseenMode[] = [];
  for (const mode of found) {
    if (chosen.every(({ lower, upper }) => mode.upper < lower || upper < mode.lower)) chosen.push(mode);
  }
  return chosen;
}

/** Index in [from, to] of the first value above a limit. */
function firstAbove(ascending: Float64Array, limit: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (ascending[middle] > limit) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Sums of all before each, and of all. */
function cumulated(counts: Float64Array): Float64Array {
  const before = new Float64Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) before[i + 1] = before[i] + counts[i];
  return before;
}

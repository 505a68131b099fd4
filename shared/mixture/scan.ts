import { normalCdf, normalMass } from '../numeric/normal-distribution.ts';
import type { FitData } from './fit-data.ts';
import { type ComponentState, GAUSSIAN, type MixtureState } from './mixture-state.ts';
import { momentsOf } from './moments.ts';

/** Fewer rows than this are no evidence of a component. */
export const FEWEST_ROWS = 5;
const MOST_WINDOWS = 8;
const MOST_ATOMS = 4;
const WINDOW_GROWTH = 1.5;
/** Two windows that overlap by more than this share of the shorter one say the same. */
const MOST_OVERLAP = 0.5;

/** Neighbouring bins, and what the model makes of them. */
export interface Window {
  start: number;
  /** inclusive */
  end: number;
  rows: number;
  /** rows that the model expects there */
  expected: number;
}

/**
 * Where is the model too thin? Windows of neighbouring bins that hold more rows than the model expects, by the
 * likelihood ratio of a window against the rest (Kulldorff 1997, A spatial scan statistic); each is a Gaussian to try.
 */
export function thinWindows(data: FitData, state: MixtureState): ComponentState[] {
  const found: (Window & { gain: number })[] = [];
  scanWindows(data, state, (window) => {
    const gain = gainOf(data, window);
    if (gain >= Math.log(data.total) && !isMerelyUneven(data, window)) found.push({ ...window, gain });
  });
  found.sort((a, b) => b.gain - a.gain || a.start - b.start || a.end - b.end);
  const chosen: Window[] = [];
  for (const window of found) {
    if (chosen.length === MOST_WINDOWS) break;
    if (chosen.every((other) => overlap(window, other) < MOST_OVERLAP)) chosen.push(window);
  }
  return chosen.map((window) => gaussianOf(data, window));
}

/** A place as narrow as a few steps that is only a little heavier than its neighbours. */
function isMerelyUneven(data: FitData, { start, end, rows, expected }: Window): boolean {
  return isNarrow(data, momentsOf(data, start, end + 1).variance) && !isHeavy(data, rows, expected);
}

/** As narrow as a few steps: an atom, rather than a Gaussian. */
export const isNarrow = ({ stepVariance }: FitData, variance: number): boolean => variance < NARROW * stepVariance;

const NARROW = 9;

/** Rows that the Gaussians give the step of an exact bin. */
export function expectedAt(data: FitData, state: MixtureState, bin: number): number {
  return data.total * gaussianMass(state, data.mean[bin] - data.step / 2, data.mean[bin] + data.step / 2);
}

/** Many times what is expected, or so many more that it is not the shape of a Gaussian that is a little off there. */
export const isHeavy = ({ total }: FitData, rows: number, expected: number): boolean =>
  rows > HEAVY_RATIO * expected || rows - expected > HEAVY_SHARE * total;

const HEAVY_RATIO = 10;
const HEAVY_SHARE = 1e-4;

/** Visit windows of every size, up to half the bins, that hold more rows than expected; the object is reused. */
export function scanWindows(data: FitData, state: MixtureState, visit: (window: Readonly<Window>) => void): void {
  const below = cumulativeMass(data, state);
  const rowsBefore = new Float64Array(data.length + 1);
  for (let b = 0; b < data.length; b++) rowsBefore[b + 1] = rowsBefore[b] + data.count[b];
  const window: Window = { start: 0, end: 0, rows: 0, expected: 0 };
  for (let size = 1; size <= Math.max(1, data.length / 2); size = nextSize(size)) {
    for (let start = 0; start + size <= data.length; start += Math.max(1, size >> 2)) {
      window.start = start;
      window.end = start + size - 1;
      window.rows = rowsBefore[start + size] - rowsBefore[start];
      const mass = below.end[window.end] - below.start[start];
      window.expected = data.total * Math.max(mass, Number.EPSILON);
      if (window.rows >= FEWEST_ROWS && window.rows > window.expected) visit(window);
    }
  }
}

/** Exact values with more rows than the Gaussians give their step: point masses to try, the strongest first. */
export function heavyValues(data: FitData, state: MixtureState): ComponentState[] {
  const isAtom = new Set(state.atomBin);
  const candidates: { bin: number; rows: number; expected: number; gain: number }[] = [];
  for (let bin = 0; bin < data.length; bin++) {
    const rows = data.count[bin];
    if (data.exact[bin] === 0 || rows < FEWEST_ROWS || isAtom.has(bin)) continue;
    const expected = expectedAt(data, state, bin);
    if (!isHeavy(data, rows, expected)) continue;
    const gain = rows * Math.log(rows / Math.max(expected, Number.MIN_VALUE)) - (rows - expected);
    if (gain > Math.log(data.total)) candidates.push({ bin, rows, expected, gain });
  }
  candidates.sort((a, b) => b.gain - a.gain || a.bin - b.bin);
  return candidates.slice(0, MOST_ATOMS).map(({ bin, rows, expected }) => ({
    weight: (rows - expected) / data.total,
    mean: data.mean[bin],
    variance: 0,
    atomBin: bin,
  }));
}

function nextSize(size: number): number {
  return size < 3 ? size + 1 : Math.ceil(size * WINDOW_GROWTH - 0.5);
}

/** Mass of all components below each bin's lower edge and up to its upper edge. */
function cumulativeMass(data: FitData, state: MixtureState) {
  const start = new Float64Array(data.length);
  const end = new Float64Array(data.length);
  const half = data.step / 2;
  for (let k = 0; k < state.weight.length; k++) {
    const w = state.weight[k];
    const atom = state.atomBin[k];
    const sd = Math.sqrt(state.variance[k]);
    for (let b = 0; b < data.length; b++) {
      start[b] += atom >= 0 ? (b > atom ? w : 0) : w * normalCdf((data.lower[b] - half - state.mean[k]) / sd);
      end[b] += atom >= 0 ? (b >= atom ? w : 0) : w * normalCdf((data.upper[b] + half - state.mean[k]) / sd);
    }
  }
  return { start, end };
}

function gainOf({ total }: FitData, { rows, expected }: Window): number {
  const restRows = total - rows;
  const restExpected = total - expected;
  const rest = restRows > 0 && restExpected > 0 ? restRows * Math.log(restRows / restExpected) : 0;
  return rows * Math.log(rows / expected) + rest;
}

function overlap(a: Window, b: Window): number {
  const shared = Math.min(a.end, b.end) - Math.max(a.start, b.start) + 1;
  return shared / Math.min(a.end - a.start + 1, b.end - b.start + 1);
}

/** The Gaussian of a window's rows, with what it holds beyond the expected. */
export function gaussianOf(data: FitData, { start, end, rows, expected }: Window): ComponentState {
  const { mean, variance } = momentsOf(data, start, end + 1);
  return { weight: (rows - expected / 2) / data.total, mean, variance, atomBin: GAUSSIAN };
}

function gaussianMass({ weight, mean, variance, atomBin }: MixtureState, from: number, to: number): number {
  let mass = 0;
  for (let k = 0; k < weight.length; k++) {
    if (atomBin[k] >= 0) continue;
    const sd = Math.sqrt(variance[k]);
    mass += weight[k] * normalMass((from - mean[k]) / sd, (to - mean[k]) / sd);
  }
  return mass;
}

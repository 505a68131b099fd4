import { combinedMoves, ranked } from './contest.ts';
import type { FitData } from './fit-data.ts';
import { type Fitted, judged, maximize } from './maximize.ts';
import type { MixtureState } from './mixture-state.ts';
import { insertion, moved, removals } from './move.ts';
import { gaussianOf, scanWindows, type Window } from './scan.ts';

const MOST_ROUNDS = 3;
/** A mode of more of the rows than this is worth its bits, or it is none. */
const MOST_SHARE = 1e-3;
/** A rare mode has so many times the rows that the model expects there ... */
const TIMES_EXPECTED = 10;
/** ... with this many times ln(rows) nats of evidence ... */
const LEAST_GAIN = 1;
/** ... hardly any rows, as a share of its own, within so many of its widths beside it ... */
const MOST_BESIDE = 0.1;
const BESIDE_WIDTHS = 1.5;
/** ... and it is much narrower, in standard deviations, than the Gaussian that its rows are left to. */
const MOST_WIDTH = 0.2;
/** All rare modes together may cost so many bits a value. */
const MOST_BITS = 0.002;
/** Removals that are tried to make room, and the E-steps that each gets. */
const REMOVALS = 4;
const ITERATIONS = 120;

/**
 * Give modes of a few rows a component: on its own such a mode is worth no more bits than a better fit elsewhere, but
 * no other component can say what its rows are.
 *
 * @param mostComponents atoms included, at least 1
 */
export function addRareModes(data: FitData, start: Fitted, mostComponents: number): Fitted {
  let current = start;
  let iterations = start.iterations;
  const leastLikelihood = start.logLikelihood - MOST_BITS * Math.LN2 * data.total;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const window = rarestWindow(data, current.state);
    if (!window) break;
    const more = insertion({ ...gaussianOf(data, window), weight: window.rows / data.total });
    const isFull = current.state.weight.length >= mostComponents;
    const moves = isFull ? combinedMoves([more], removals(current.state)) : [more];
    const tried = ranked(data, current.state, moves)
      .slice(0, REMOVALS)
      .map(({ move }) => judged(data, maximize(data, moved(current.state, move), ITERATIONS)))
      .sort((a, b) => b.logLikelihood - a.logLikelihood);
    iterations += tried.reduce((sum, fitted) => sum + fitted.iterations, 0);
    const [best] = tried;
    if (!best || best.logLikelihood < leastLikelihood || !holds(data, best.state, window)) break;
    current = best;
  }
  return { ...current, iterations };
}

/** The window with the strongest evidence of a rare mode. */
export function rarestWindow(data: FitData, state: MixtureState): Window | undefined {
  let best: Window | undefined;
  let bestGain = LEAST_GAIN * Math.log(data.total);
  scanWindows(data, state, (window) => {
    const { rows, expected } = window;
    if (rows < TIMES_EXPECTED * expected || rows > MOST_SHARE * data.total) return;
    const gain = rows * Math.log(rows / expected) - (rows - expected);
    if (gain <= bestGain || !isAlone(data, window) || !isMuchNarrower(data, state, window)) return;
    best = { ...window };
    bestGain = gain;
  });
  return best;
}

function isAlone(data: FitData, { start, end, rows }: Window): boolean {
  const margin = BESIDE_WIDTHS * (data.upper[end] - data.lower[start] + data.step);
  let beside = 0;
  for (let b = start - 1; b >= 0 && data.lower[start] - data.upper[b] <= margin; b--) beside += data.count[b];
  for (let b = end + 1; b < data.length && data.lower[b] - data.upper[end] <= margin; b++) beside += data.count[b];
  return beside <= MOST_BESIDE * rows;
}

/** Much narrower than the Gaussian that is the likeliest at its middle; an atom has no rows to give. */
function isMuchNarrower(data: FitData, state: MixtureState, { start, end }: Window): boolean {
  const width = data.upper[end] - data.lower[start];
  const middle = data.lower[start] + width / 2;
  let owner = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < state.weight.length; k++) {
    if (state.atomBin[k] >= 0) {
      if (state.atomBin[k] >= start && state.atomBin[k] <= end) return false;
      continue;
    }
    const d = middle - state.mean[k];
    const density = Math.log(state.weight[k]) - 0.5 * Math.log(state.variance[k]) - (0.5 * d * d) / state.variance[k];
    if (density > most) {
      owner = k;
      most = density;
    }
  }
  return owner >= 0 && width <= MOST_WIDTH * Math.sqrt(state.variance[owner]);
}

/** Did the mode keep its component through the climb? */
function holds(data: FitData, state: MixtureState, { start, end }: Window): boolean {
  const [lower, upper] = [data.lower[start] - data.step, data.upper[end] + data.step];
  return state.mean.some((m, k) => m >= lower && m <= upper && Math.sqrt(state.variance[k]) <= upper - lower);
}

import { logGamma } from '../numeric/log-gamma.ts';
import type { RandomSource } from './random-source.ts';

/**
 * Draw how many of `trials` succeed.
 *
 * By inversion from the mode outwards: the steps taken are of the order of the standard deviation, and no probability
 * that matters underflows, however many trials there are.
 *
 * @param trials integer >= 0
 * @param probability of success, 0..1
 * @throws {RangeError} if an argument is out of its range
 * @see Devroye (1986), Non-Uniform Random Variate Generation, chapter X.4
 */
export function drawBinomial(trials: number, probability: number, random: RandomSource): number {
  if (!Number.isSafeInteger(trials) || trials < 0)
    throw new RangeError(`trials must be an integer >= 0, got ${trials}`);
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`probability must be 0..1, got ${probability}`);
  if (probability === 0 || trials === 0) return 0;
  if (probability === 1) return trials;
  const odds = probability / (1 - probability);
  const mode = Math.min(trials, Math.floor((trials + 1) * probability));
  const massOfMode = Math.exp(logMass(trials, mode, probability));
  let left = random() - massOfMode;
  let [below, above, massBelow, massAbove] = [mode, mode, massOfMode, massOfMode];
  while (left > 0) {
    if (above < trials) {
      massAbove *= ((trials - above) / (above + 1)) * odds;
      above++;
      left -= massAbove;
      if (left <= 0) return above;
    }
    if (below > 0) {
      massBelow *= below / (trials - below + 1) / odds;
      below--;
      left -= massBelow;
      if (left <= 0) return below;
    }
    // rounding may leave a last share of 1e-12 that no outcome takes
    if (massAbove < NOTHING && massBelow < NOTHING) return mode;
    if (below === 0 && above === trials) return mode;
  }
  return mode;
}

const NOTHING = 1e-18;

function logMass(n: number, k: number, p: number): number {
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  return ways + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

import { OURS } from './fit-ours.ts';
import type { ColumnResult, Score } from './judgement.ts';
import { FEW_VALUES, SECONDS, type Target, TOLERANCE } from './targets.ts';

/** Every value is given back: none is off by half a step. */
export const isExact = ({ largestError }: Pick<Score, 'largestError'>, step: number): boolean =>
  largestError < step / 2;

/** Bits over the planted truth; where nobody knows it, in all. */
export const bitsToCompare = (bits: number, truth: number | null): number => bits - (truth ?? 0);

/** The bits, compared like {@link bitsToCompare}, that our fit may need. */
export const limitOf = ({ excess, bits }: Target): number => (excess ?? bits!) + TOLERANCE;

/** What a column was to show and did not, in a reader's words; empty where it showed everything. */
export function failuresOf(target: Target, { judgement, ours, peers }: ColumnResult): string[] {
  const { truth, step, distinct, contestants } = judgement;
  const score = contestants[OURS.rows];
  const { bits, freshBits } = score;
  const { components, fitSeconds } = ours[OURS.rows];
  const limit = limitOf(target);
  const seconds = distinct <= FEW_VALUES ? SECONDS.few : SECONDS.many;
  const failures: string[] = [];
  if (bitsToCompare(bits, truth.train) > limit) failures.push('bits');
  if (freshBits !== null && freshBits - truth.fresh! > limit) failures.push('fresh bits');
  if (peers && bits >= contestants['scikit-learn'].bits) failures.push('bits of scikit-learn');
  if (target.exact && !(isExact(score, step) && score.clipped === 0)) failures.push('inverse');
  if (contestants[OURS.summary].bits - bits > TOLERANCE) failures.push('summary');
  if (fitSeconds > seconds) failures.push('seconds');
  return [...failures, ...(target.missing?.(components) ?? [])];
}

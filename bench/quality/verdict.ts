import { OURS } from './fit-ours.ts';
import type { ColumnResult, Judgement, Score } from './judgement.ts';
import { FEW_VALUES, SECONDS, type Target, TOLERANCE } from './targets.ts';

/** Standard errors that other rows of the same density may add to bits over the truth. */
const LUCK = 3;

/** Every value is given back: none is off by half a step. */
export const isExact = ({ largestError }: Pick<Score, 'largestError'>, step: number): boolean =>
  largestError < step / 2;

/** Bits a value that no model can go below: what the planted truth needs or, of values that repeat, their entropy. */
export const floorOf = ({ truth, entropy }: Pick<Judgement, 'truth' | 'entropy'>): number => truth.train ?? entropy;

/** Bits over the floor that the prototype needed. */
export const prototypeExcess = ({ excess, bits }: Target, judgement: Pick<Judgement, 'truth' | 'entropy'>): number =>
  excess ?? bits! - floorOf(judgement);

/** What a column was to show and did not, in a reader's words; empty where it showed everything. */
export function failuresOf(target: Target, { judgement, ours, peers }: ColumnResult): string[] {
  const { truth, step, distinct, contestants } = judgement;
  const score = contestants[OURS.rows];
  const { components, fitSeconds } = ours[OURS.rows];
  const limit = prototypeExcess(target, judgement) + TOLERANCE;
  const failures: string[] = [];
  if (score.bits - floorOf(judgement) > limit) failures.push('bits');
  const luck = LUCK * (score.freshError ?? 0);
  if (score.freshBits !== null && score.freshBits - truth.fresh! > limit + luck) failures.push('fresh bits');
  if (peers && score.bits >= contestants['scikit-learn'].bits) failures.push("scikit-learn's bits");
  if (target.exact && !(isExact(score, step) && score.clipped === 0)) failures.push('inverse');
  if (contestants[OURS.summary].bits - score.bits > TOLERANCE) failures.push('summary');
  if (fitSeconds > (distinct <= FEW_VALUES ? SECONDS.few : SECONDS.many)) failures.push('seconds');
  return [...failures, ...(target.missing?.(components) ?? [])];
}

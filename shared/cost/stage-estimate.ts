import { makespan } from './makespan.ts';
import type { Requests } from './stage-requests.ts';
import { waitingSeconds } from './stage-seconds.ts';

/** What one stage uses, all its invocations of one pass together. */
export interface StageEstimate extends Requests {
  stage: string;
  invocations: number;
  /** billed: the sum over the invocations */
  seconds: number;
  /** of the longest invocation */
  longestSeconds: number;
  /** from the first invocation's start to the last one's end */
  elapsedSeconds: number;
  transitions: number;
}

/** Iterations of an inline map that Step Functions runs at the same time. */
const INLINE_CONCURRENCY = 40;
/** of one child of a distributed map, its start counted */
const CHILD_TRANSITIONS = 3;
/** of one iteration of an inline map */
const ITERATION_TRANSITIONS = 2;
/** of a state by itself, with the choice that follows it */
const STATE_TRANSITIONS = 2;

/** A stage of one invocation; where nothing is said of its seconds it does little but wait for its store. */
export function single(stage: string, asked: Requests, seconds = waitingSeconds(1, asked)): StageEstimate {
  const times = { seconds, longestSeconds: seconds, elapsedSeconds: seconds };
  return { stage, invocations: 1, ...asked, ...times, transitions: STATE_TRANSITIONS };
}

interface Invocations {
  invocations: number;
  /** by all of them */
  asked: Requests;
  /** seconds of all of them beside what {@link waitingSeconds} says */
  work: number;
  /** the largest item's share of the work */
  largest: number;
}

/** A distributed map. */
export function sweepMap(stage: string, invocations: Invocations, concurrency: number): StageEstimate {
  return mapOf(stage, invocations, CHILD_TRANSITIONS, concurrency);
}

/** An inline map: iterations of one execution. */
export function inlineMap(stage: string, invocations: Invocations): StageEstimate {
  return mapOf(stage, invocations, ITERATION_TRANSITIONS, INLINE_CONCURRENCY);
}

function mapOf(
  stage: string,
  { invocations, asked, work, largest }: Invocations,
  transitionsEach: number,
  concurrency: number,
): StageEstimate {
  const waiting = waitingSeconds(invocations, asked);
  const seconds = waiting + work;
  const each = seconds / Math.max(1, invocations);
  const longestSeconds = Math.max(each, waiting / Math.max(1, invocations) + work * largest);
  return {
    stage,
    invocations,
    ...asked,
    seconds,
    longestSeconds,
    elapsedSeconds: Math.max(makespan(invocations, each, concurrency), longestSeconds),
    transitions: STATE_TRANSITIONS + invocations * transitionsEach,
  };
}

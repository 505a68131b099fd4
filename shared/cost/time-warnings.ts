import { LIMITS } from '../contract/limits.ts';
import type { RunEstimate } from './estimate-run.ts';

/** What the user should know where an invocation may not end before Lambda ends it. */
export function timeWarnings({ stages }: RunEstimate): string[] {
  const slow = stages.filter(({ longestSeconds }) => longestSeconds > LIMITS.invocationSeconds);
  const names = new Set(slow.map(({ stage }) => stage));
  return [...names].map((name) => {
    const seconds = Math.max(...slow.filter(({ stage }) => stage === name).map((stage) => stage.longestSeconds));
    return (
      `an invocation of ${name} may take ${Math.round(seconds)} s, Lambda ends it after ${LIMITS.invocationSeconds}` +
      (name === 'transform' ? ': make partitionBytes smaller, or write the files with smaller row groups' : '')
    );
  });
}

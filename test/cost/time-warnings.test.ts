import { expect, it } from 'vitest';
import type { RunEstimate } from '../../shared/cost/estimate-run.ts';
import { timeWarnings } from '../../shared/cost/time-warnings.ts';

const runOf = (...stages: [stage: string, longestSeconds: number][]) =>
  ({ stages: stages.map(([stage, longestSeconds]) => ({ stage, longestSeconds })) }) as RunEstimate;

it('names each stage that may outlast an invocation, once and with the longest', () => {
  expect(timeWarnings(runOf(['plan', 900], ['transform', 901], ['reduce', 5], ['transform', 1200.4]))).toEqual([
    'an invocation of transform may take 1200 s, Lambda ends it after 900: make partitionBytes smaller, or write the files with smaller row groups',
  ]);
  expect(timeWarnings(runOf(['plan', 901]))).toEqual([
    'an invocation of plan may take 901 s, Lambda ends it after 900',
  ]);
  expect(timeWarnings(runOf(['plan', 1], ['transform', 900]))).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makespan, STARTS_PER_SECOND } from '../../shared/cost/makespan.ts';

/** Starts every task as soon as its turn has come and one of the places is free. */
function simulated(tasks: number, seconds: number, concurrency: number): number {
  const ends: number[] = [];
  for (let i = 0; i < tasks; i++) ends.push(Math.max(i / STARTS_PER_SECOND, ends[i - concurrency] ?? 0) + seconds);
  return Math.max(0, ...ends);
}

const counts = fc.integer({ min: 0, max: 3000 });
const places = fc.integer({ min: 1, max: 1500 });
const seconds = fc.double({ min: 0.01, max: 900, noNaN: true });

describe('the makespan', () => {
  it('is that of a simulation, task by task', () => {
    fc.assert(
      fc.property(counts, seconds, places, (tasks, each, concurrency) => {
        const expected = simulated(tasks, each, concurrency);
        // rounding of sums that are added in another order
        expect(Math.abs(makespan(tasks, each, concurrency) - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
      }),
    );
  });

  it('of 8,192 tasks of 30 s is 17 rounds of 500, the last of 192, started at 100 a second', () => {
    expect(makespan(8192, 30, 500)).toBeCloseTo(16 * 30 + 1.91 + 30, 9);
  });

  it('never grows with concurrency, nor shrinks with tasks or their length', () => {
    fc.assert(
      fc.property(counts, seconds, places, fc.nat(500), (tasks, each, concurrency, more) => {
        const base = makespan(tasks, each, concurrency);
        expect(makespan(tasks, each, concurrency + more)).toBeLessThanOrEqual(base);
        expect(makespan(tasks + more, each, concurrency)).toBeGreaterThanOrEqual(base);
        expect(makespan(tasks, each + more, concurrency)).toBeGreaterThanOrEqual(base);
      }),
    );
  });
});

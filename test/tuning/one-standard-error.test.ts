import { describe, expect, it } from 'vitest';
import { meanOf, oneStandardError, standardErrorOf } from '../../shared/tuning/one-standard-error.ts';

const rows = Float64Array.of(10, 10, 10, 10);

describe('oneStandardError', () => {
  it('takes a smaller setting whose excess is no more than chance, not one that is worse in every block', () => {
    const best = { size: 9, blocks: Float64Array.of(5, 6, 7, 8) };
    const asGood = { size: 4, blocks: Float64Array.of(5.3, 5.8, 7.2, 7.8) };
    const worse = { size: 2, blocks: Float64Array.of(5.1, 6.1, 7.1, 8.1) };
    expect(oneStandardError([worse, asGood, best], rows)).toEqual({ best: 2, chosen: 1 });
    expect(oneStandardError([best, worse], rows)).toEqual({ best: 0, chosen: 0 });
  });

  it('takes the best where there is nothing smaller', () => {
    const one = { size: 1, blocks: Float64Array.of(1, 1, 1, 1) };
    const two = { size: 2, blocks: Float64Array.of(2, 2, 2, 2) };
    expect(oneStandardError([two, one], rows)).toEqual({ best: 1, chosen: 1 });
  });

  it('refuses to choose among nothing', () => {
    expect(() => oneStandardError([], rows)).toThrow(new RangeError('candidates must hold at least one, got none'));
  });
});

describe('blocks', () => {
  it('weigh as many as they have rows', () => {
    expect(meanOf(Float64Array.of(1, 4), Float64Array.of(30, 10))).toBe(1.75);
  });

  it('of equal size have the standard error of their mean', () => {
    // sample standard deviation of 1, 2, 3, 4 over the root of 4
    expect(standardErrorOf(Float64Array.of(1, 2, 3, 4), rows)).toBeCloseTo(Math.sqrt(5 / 3) / 2, 12);
    expect(standardErrorOf(Float64Array.of(3), Float64Array.of(10))).toBe(0);
  });
});

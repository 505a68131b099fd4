import { describe, expect, it } from 'vitest';
import { drawBinomial } from '../../shared/tuning/binomial.ts';
import { randomSource } from '../../shared/tuning/random-source.ts';

describe('drawBinomial', () => {
  it.each([
    [10, 0.3],
    [1000, 0.002],
    [1_000_000, 0.9],
    [1e9, 1e-6],
  ])('has the mean and variance of %d trials of %d', (trials, probability) => {
    const random = randomSource(1, 'x', 'test');
    const draws = Array.from({ length: 4000 }, () => drawBinomial(trials, probability, random));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const expected = trials * probability * (1 - probability);
    // four standard errors of a mean, and of a variance, of 4,000 draws
    expect(Math.abs(mean - trials * probability)).toBeLessThan(4 * Math.sqrt(expected / 4000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000 + 1 / (4000 * expected)));
  });

  it('takes each outcome as often as its mass says', () => {
    const random = randomSource(2, 'x', 'test');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 8000; i++) counts[drawBinomial(3, 0.25, random)]++;
    const masses = [27 / 64, 27 / 64, 9 / 64, 1 / 64];
    const chiSquare = masses.reduce((sum, mass, k) => sum + (counts[k] - 8000 * mass) ** 2 / (8000 * mass), 0);
    // 99.9 % point of 3 degrees of freedom
    expect(chiSquare).toBeLessThan(16.27);
  });

  it('knows the certain and the impossible', () => {
    const random = randomSource(3, 'x', 'test');
    expect(drawBinomial(7, 1, random)).toBe(7);
    expect(drawBinomial(7, 0, random)).toBe(0);
    expect(drawBinomial(0, 0.5, random)).toBe(0);
    expect(() => drawBinomial(-1, 0.5, random)).toThrow('trials must be an integer >= 0, got -1');
    expect(() => drawBinomial(1, 1.5, random)).toThrow('probability must be 0..1, got 1.5');
  });
});

import { describe, expect, it } from 'vitest';
import { matchComponents, overlapOf } from '../../shared/tuning/match-components.ts';
import { atom, gaussian } from '../support/models.ts';

describe('matchComponents', () => {
  it('pairs those that overlap most first, each once', () => {
    const ours = [gaussian(0.5, 0, 1), gaussian(0.5, 0.5, 1)];
    expect([...matchComponents(ours, [gaussian(1, 0.4, 1)])]).toEqual([-1, 0]);
    expect([...matchComponents(ours, [gaussian(0.5, 0.6, 1), gaussian(0.5, -0.1, 1)])]).toEqual([1, 0]);
  });

  it('pairs an atom with the atom of its value only', () => {
    expect([...matchComponents([atom(0.5, 3)], [gaussian(0.5, 3, 1e-9), atom(0.5, 3.5)])]).toEqual([-1]);
    expect([...matchComponents([atom(0.5, 3)], [gaussian(0.5, 3, 1e-9), atom(0.2, 3)])]).toEqual([1]);
  });

  it('leaves alone what lies farther off than 1.34 standard deviations', () => {
    expect([...matchComponents([gaussian(1, 0, 1)], [gaussian(1, 1.33, 1)])]).toEqual([0]);
    expect([...matchComponents([gaussian(1, 0, 1)], [gaussian(1, 1.35, 1)])]).toEqual([-1]);
  });
});

describe('overlapOf', () => {
  it('is the integral of the root of both densities', () => {
    const density = (x: number, mean: number, deviation: number) =>
      Math.exp(-0.5 * ((x - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI));
    let integral = 0;
    for (let x = -30; x < 30; x += 0.001) integral += 0.001 * Math.sqrt(density(x, 1, 2) * density(x, 3, 0.7));
    expect(overlapOf(gaussian(1, 1, 2), gaussian(1, 3, 0.7))).toBeCloseTo(integral, 9);
  });

  it('is finite for the widest Gaussians', () => {
    expect(overlapOf(gaussian(1, 0, 1e300), gaussian(1, 0, 1e300))).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
import { resolutionOf } from '../../shared/mixture/resolution.ts';
import { drawn, type Random } from '../support/random.ts';

interface Planted {
  draw: (random: Random) => number;
  /** probability of x where it is an atom, else density */
  atomAt?: (x: number) => number;
  density: (x: number) => number;
  /** bits a value that the fit may need beyond the generating distribution */
  tolerance: number;
  decimals?: number;
}

const normal = (x: number, mean: number, sd: number) =>
  Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
const lognormal = (x: number, mean: number, sd: number) => (x > 0 ? normal(Math.log(x), mean, sd) / x : 0);
const exponential = (x: number, mean: number) => Math.exp(-x / mean) / mean;

const DECADE = 10 * 365.25 * 86_400_000;
const EPOCH = 1_400_000_000_000;

const PLANTED: Record<string, Planted> = {
  'a lognormal with a mode of one row in ten thousand': {
    draw: ({ normal: n, uniform }) => (uniform() < 1e-4 ? 5000 + 10 * n() : Math.exp(3 + 0.8 * n())),
    density: (x) => (1 - 1e-4) * lognormal(x, 3, 0.8) + 1e-4 * normal(x, 5000, 10),
    tolerance: 0.005,
  },
  '60 % zeros and a lognormal': {
    draw: ({ normal: n, uniform }) => (uniform() < 0.6 ? 0 : Math.exp(4 + n())),
    atomAt: (x) => (x === 0 ? 0.6 : 0),
    density: (x) => 0.4 * lognormal(x, 4, 1),
    tolerance: 0.005,
  },
  'an exponential and 0.3 % at 99,999': {
    draw: ({ uniform }) => (uniform() < 0.003 ? 99_999 : -100 * Math.log(uniform())),
    atomAt: (x) => (x === 99_999 ? 0.003 : 0),
    density: (x) => 0.997 * exponential(x, 100),
    tolerance: 0.012,
  },
  '1e9 + N(0, 1)': {
    draw: ({ normal: n }) => 1e9 + n(),
    density: (x) => normal(x, 1e9, 1),
    tolerance: 0.001,
  },
  'N(0, 1e-9)': {
    draw: ({ normal: n }) => 1e-9 * n(),
    density: (x) => normal(x, 0, 1e-9),
    tolerance: 0.001,
  },
  'a uniform': {
    draw: ({ uniform }) => 100 * uniform(),
    density: () => 0.01,
    tolerance: 0.015,
  },
  'timestamps in milliseconds with two bursts in ten years': {
    draw: ({ normal: n, uniform }) => {
      const which = uniform();
      if (which < 0.2) return Math.round(EPOCH + 0.3 * DECADE + 3.6e6 * n());
      return Math.round(which < 0.25 ? EPOCH + 0.8 * DECADE + 6e4 * n() : EPOCH + DECADE * uniform());
    },
    density: (x) =>
      0.75 / DECADE + 0.2 * normal(x, EPOCH + 0.3 * DECADE, 3.6e6) + 0.05 * normal(x, EPOCH + 0.8 * DECADE, 6e4),
    tolerance: 0.02,
    decimals: 0,
  },
};

describe('fitMixture', () => {
  it.each(Object.entries(PLANTED))('needs hardly more bits than the truth for %s', (_, planted) => {
    const values = drawn(100_000, 1, planted.draw);
    const resolution = resolutionOf(values, planted.decimals ?? null);
    const fitted = fitMixture(binRows(values, null, resolution), { resolution, maxComponents: 10 });
    const truth = -values.reduce((sum, x) => sum + log2Mass(planted, x, resolution), 0) / values.length;
    expect(fitted.bitsPerValue).toBeLessThan(truth + planted.tolerance);
    // 29 parameters gain half a nat each on the rows they were fitted to
    expect(fitted.bitsPerValue).toBeGreaterThan(truth - 0.001);
  });
});

/** Steps are narrow against every scale of these distributions. */
function log2Mass({ atomAt, density }: Planted, x: number, resolution: number): number {
  return Math.log2((atomAt?.(x) ?? 0) + density(x) * resolution);
}

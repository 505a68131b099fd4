import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawKeys, uniform } from '../../shared/numeric/draw.ts';

const ROWS = 60_000;
const stream = (seed: number, column: string, key: string, rowStart = 0) => {
  const { k0, k1 } = drawKeys(seed, column, key);
  return Float64Array.from({ length: ROWS }, (_, i) => uniform(k0, k1, rowStart + i));
};
const a = stream(0, 'delay', 'part-0.parquet');

/** Pearson's statistic of pairs on a grid of 16 x 16 equal cells. */
function gridStatistic(x: Float64Array, y: Float64Array, lag = 0): number {
  const counts = new Float64Array(256);
  const n = ROWS - lag;
  for (let i = 0; i < n; i++) counts[Math.floor(x[i] * 16) * 16 + Math.floor(y[i + lag] * 16)]++;
  return counts.reduce((sum, count) => sum + (count - n / 256) ** 2 / (n / 256), 0);
}

/** A chi-square of 255 degrees of freedom exceeds this with probability 1e-7 (mean 255, sd 22.6). */
const GRID_LIMIT = 388;

describe('uniform', () => {
  it('is a multiple of 2^-32 in [0, 1) for any keys and row', () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(word, word, fc.maxSafeNat(), (k0, k1, row) => {
        const u = uniform(k0, k1, row);
        expect(u).toBeGreaterThanOrEqual(0);
        expect(u).toBeLessThan(1);
        expect(Number.isInteger(u * 2 ** 32)).toBe(true);
      }),
    );
  });

  it('fills 1,024 equal intervals evenly', () => {
    const counts = new Float64Array(1024);
    for (const u of a) counts[Math.floor(u * 1024)]++;
    const statistic = counts.reduce((sum, count) => sum + (count - ROWS / 1024) ** 2 / (ROWS / 1024), 0);
    // 1023 degrees of freedom: mean 1023, sd 45; five sd either way, too even is suspect as well
    expect(statistic).toBeLessThan(1023 + 5.5 * 45);
    expect(statistic).toBeGreaterThan(1023 - 5 * 45);
  });

  it.each([
    ['another column', stream(0, 'distance', 'part-0.parquet')],
    ['another file', stream(0, 'delay', 'part-1.parquet')],
    ['another seed', stream(1, 'delay', 'part-0.parquet')],
    ['the rows 2^32 further on', stream(0, 'delay', 'part-0.parquet', 2 ** 32)],
  ])('is independent of %s', (_, b) => {
    expect(gridStatistic(a, b)).toBeLessThan(GRID_LIMIT);
    for (const lag of [1, 2, 7, 1024]) {
      expect(gridStatistic(a, b, lag)).toBeLessThan(GRID_LIMIT);
      expect(gridStatistic(b, a, lag)).toBeLessThan(GRID_LIMIT);
    }
  });

  it('is independent of itself at any lag', () => {
    for (const lag of [1, 2, 3, 4, 8, 16, 100, 1000, 1024, 4096]) {
      expect(gridStatistic(a, a, lag)).toBeLessThan(GRID_LIMIT);
    }
  });

  it('is no shifted copy of another stream', () => {
    const seen = new Map(Array.from(a, (u, i) => [u, i]));
    for (const b of [stream(0, 'x', 'part-0.parquet'), stream(0, 'delay', 'part-2.parquet')]) {
      const hits = Array.from(b).filter((u, i) => {
        const at = seen.get(u);
        return at !== undefined && seen.get(b[i + 1]) === at + 1;
      });
      expect(hits).toEqual([]);
    }
  });

  it('does not depend on whether keys arrive signed or unsigned', () => {
    expect(uniform(-1, -2, 12345)).toBe(uniform(2 ** 32 - 1, 2 ** 32 - 2, 12345));
  });
});

describe('drawKeys', () => {
  it('takes the first eight bytes of a hash of seed, column and key, in little-endian', () => {
    const digest = createHash('sha256').update('7\0größe\0year=2024/part-0.parquet').digest();
    expect(drawKeys(7, 'größe', 'year=2024/part-0.parquet')).toEqual({
      k0: digest[0] + 256 * (digest[1] + 256 * (digest[2] + 256 * digest[3])),
      k1: digest[4] + 256 * (digest[5] + 256 * (digest[6] + 256 * digest[7])),
    });
  });

  it('tells a column from a key', () => {
    expect(drawKeys(0, 'ab', 'c')).not.toEqual(drawKeys(0, 'a', 'bc'));
  });
});

import { expect, it } from 'vitest';
import { ReadBuffers } from '../../functions/read-buffers.ts';
import { LIMITS } from '../../shared/contract/limits.ts';

it('gives the smallest that is long enough of those given back, else a fresh one', () => {
  const buffers = new ReadBuffers();
  const [small, large] = [buffers.take(1_000_000), buffers.take(8_000_000)];
  expect(small.length).toBeGreaterThanOrEqual(1_000_000);
  buffers.give(large);
  buffers.give(small);
  expect(buffers.take(1_000_001)).toBe(small);
  expect(buffers.take(1_000_000)).toBe(large);
  const fresh = buffers.take(1_000_000);
  expect([small, large]).not.toContain(fresh);
});

it('keeps no more than what a reader has at a time, the latest', () => {
  const buffers = new ReadBuffers();
  const many = Array.from({ length: 10 }, () => buffers.take(8_000_000));
  for (const buffer of many) buffers.give(buffer);
  const kept = many.map(() => buffers.take(8_000_000)).filter((buffer) => many.includes(buffer));
  expect(kept.length).toBe(Math.floor((2 * LIMITS.readAheadBytes) / many[0].length));
  expect(kept).not.toContain(many[0]);
});

import { expect, it } from 'vitest';
import { PageMemory } from '../../../shared/parquet/write/page-memory.ts';

it('gives aligned pieces that do not overlap, and fresh ones where it does not suffice', () => {
  const buffer = new ArrayBuffer(64);
  const memory = new PageMemory(new Uint8Array(buffer, 3, 50));
  const [first, second, third, fourth] = [5, 24, 9, 8].map((length) => memory.take(length));
  expect([first.byteOffset, second.byteOffset]).toEqual([8, 16]);
  expect([first.buffer, second.buffer]).toEqual([buffer, buffer]);
  expect(third.buffer).toBe(buffer);
  expect(third.byteOffset).toBe(40);
  expect(fourth.buffer).not.toBe(buffer);
  expect([first, second, third, fourth].map(({ length }) => length)).toEqual([5, 24, 9, 8]);
});

import { expect, it } from 'vitest';
import { affordableWorkers } from '../../cli/affordable-workers.ts';
import { LIMITS } from '../../shared/contract/limits.ts';

const { idleProcessBytes, idleWorkerBytes } = LIMITS;

it('as many workers as are asked for and as the memory holds, and always one', () => {
  const workerBytes = 100_000_000;
  const memoryBytes = idleProcessBytes + 3 * (idleWorkerBytes + workerBytes);
  expect(affordableWorkers({ jobs: 2, memoryBytes }, workerBytes)).toBe(2);
  expect(affordableWorkers({ jobs: 8, memoryBytes }, workerBytes)).toBe(3);
  expect(affordableWorkers({ jobs: 8, memoryBytes: memoryBytes - 1 }, workerBytes)).toBe(2);
  expect(affordableWorkers({ jobs: 8, memoryBytes: 1 }, workerBytes)).toBe(1);
});

import { LIMITS } from '../shared/contract/limits.ts';

/** As many workers at once as the memory holds, each with `workerBytes` in hand; plan has checked that it holds one. */
export function affordableWorkers(
  { jobs, memoryBytes }: { jobs: number; memoryBytes: number },
  workerBytes: number,
): number {
  const affordable = Math.floor((memoryBytes - LIMITS.idleProcessBytes) / (LIMITS.idleWorkerBytes + workerBytes));
  return Math.max(1, Math.min(jobs, affordable));
}

import { cpuUsage } from 'node:process';

/** Do some work; CPU seconds of the process: a machine that others use too does not lengthen them. */
export function timed<T>(work: () => T): { result: T; seconds: number } {
  const start = cpuUsage();
  const result = work();
  const { user, system } = cpuUsage(start);
  return { result, seconds: (user + system) / 1e6 };
}

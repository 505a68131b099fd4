/** Children of a STANDARD distributed map that start in a second; Lambda adds environments as fast (1,000 in 10 s). */
export const STARTS_PER_SECOND = 100;

/**
 * Seconds until the last of `tasks` equal tasks ends, when `concurrency` run at a time and
 * {@link STARTS_PER_SECOND} start a second.
 *
 * Task i starts when its turn has come and when one of the `concurrency` before it has ended:
 * start(i) = max over k <= i / concurrency of (i - k concurrency) / rate + k seconds. That is linear in k, so one of the
 * ends is the largest.
 *
 * @param tasks at least 0
 * @param seconds of one task
 * @param concurrency at least 1
 * @see docs.aws.amazon.com/step-functions/latest/dg/service-quotas; docs.aws.amazon.com/lambda/latest/dg/scaling-behavior
 */
export function makespan(tasks: number, seconds: number, concurrency: number): number {
  if (tasks === 0) return 0;
  const last = tasks - 1;
  const rounds = Math.floor(last / concurrency);
  const byDispatch = last / STARTS_PER_SECOND;
  const byRounds = (last % concurrency) / STARTS_PER_SECOND + rounds * seconds;
  return Math.max(byDispatch, byRounds) + seconds;
}

import { setTimeout as sleep } from 'node:timers/promises';

/** How often and how patiently to try again. */
export interface RetryPolicy {
  attempts: number;
  /** the longest first wait; doubles with each attempt */
  baseMs: number;
  capMs: number;
}

/** Five attempts over at most 3 s: what takes longer is for the caller's own retry, minutes later. */
export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, baseMs: 100, capMs: 5_000 };

/**
 * Repeat an action that failed for a passing reason, with full jitter: invocations that failed together must not come
 * back together.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function withRetries<T>(
  action: () => Promise<T>,
  mayPass: (error: unknown) => boolean,
  { attempts, baseMs, capMs }: RetryPolicy,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error;
      await sleep(Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
    }
  }
}

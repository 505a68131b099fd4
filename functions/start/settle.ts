/** What a delayed message carries of the wait. Times are the store's, in ms since 1970. */
export interface Wait {
  /** the newest event's own time */
  lastEvent: number;
  /** when the first event was met */
  firstSeen: number;
  /** the dataset as it was when this wait last found it changed; absent before the first listing */
  seen?: { digest: string; at: number };
}

/** What the dataset is now. */
export interface Sight {
  now: number;
  /** of the newest object */
  modified: number;
  digest: string;
}

export interface SettleTimes {
  settleSeconds: number;
  settleMaxSeconds: number;
}

/** Wait on, quiet, or not quiet for longer than anybody should wait. */
export type Settled =
  | { is: 'quiet' | 'overdue' }
  | {
      is: 'waiting';
      /** the wait to go on with */
      wait: Wait;
      /** 1..900 */
      delaySeconds: number;
    };

/** S3's times are whole seconds. */
const RESOLUTION_MS = 1000;
/** what SQS can delay a message by */
const LONGEST_DELAY_SECONDS = 900;

/**
 * Decide whether a dataset is complete: nothing about it may have changed for `settle`.
 *
 * Modification times alone cannot tell: a multipart upload is listed from its end on with the time of its beginning,
 * and its event may be late or lost. So the listing itself is compared: quiet are two listings at least `settle` apart
 * that show the same, none of whose objects nor events is younger. A drop whose gaps are shorter than `settle` changes
 * the listing in between, whatever becomes of its events.
 *
 * @param waits of the messages that came back together, at least one
 */
export function settle(
  waits: readonly Wait[],
  sight: Sight,
  { settleSeconds, settleMaxSeconds }: SettleTimes,
): Settled {
  const { now, modified, digest } = sight;
  const lastEvent = Math.max(...waits.map((wait) => wait.lastEvent));
  const firstSeen = Math.min(...waits.map((wait) => wait.firstSeen));
  const unchangedSince = sameSince(waits, sight);
  const quietAt = Math.max(lastEvent, modified, unchangedSince) + settleSeconds * 1000 + RESOLUTION_MS;
  if (quietAt <= now) return { is: 'quiet' };
  const overdueAt = firstSeen + settleMaxSeconds * 1000;
  if (overdueAt <= now) return { is: 'overdue' };
  const delaySeconds = Math.ceil((Math.min(quietAt, overdueAt) - now) / 1000);
  return {
    is: 'waiting',
    wait: { lastEvent, firstSeen, seen: { digest, at: unchangedSince } },
    delaySeconds: Math.min(LONGEST_DELAY_SECONDS, Math.max(1, delaySeconds)),
  };
}

/** Since when the listing is known to be what it is now: messages that saw another one later than that forbid it. */
function sameSince(waits: readonly Wait[], { now, digest }: Sight): number {
  const seen = waits.flatMap((wait) => wait.seen ?? []);
  const changed = Math.max(...seen.filter((one) => one.digest !== digest).map(({ at }) => at), 0);
  return Math.min(now, ...seen.filter((one) => one.digest === digest && one.at > changed).map(({ at }) => at));
}

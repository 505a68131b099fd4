import { setTimeout as sleep } from 'node:timers/promises';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { StoreUnavailableError } from '../../shared/contract/errors.ts';
import { type ExecutionView, watchExecution } from './execution-view.ts';
import type { ProgressDisplay } from './progress-display.ts';

/** Often enough for people, and for several of them at once below what AWS answers in an account. */
const EVERY_MS = 5_000;
/** A minute without a look: throttled by many who watch, or a network that is gone for a while. */
const MISSED_LOOKS = 12;

/**
 * Look at an execution until it has ended, and show what is seen.
 *
 * @throws {StoreUnavailableError} if AWS does not answer many times in a row; the run goes on all the same
 */
export async function followRun(
  client: SFNClient,
  executionArn: string,
  display: ProgressDisplay,
  everyMs = EVERY_MS,
): Promise<ExecutionView> {
  const look = watchExecution(client, executionArn);
  for (let missed = 0; ; ) {
    try {
      const view = await look();
      if (view.status !== 'RUNNING') return view;
      missed = 0;
      display.show(view);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || ++missed > MISSED_LOOKS) throw error;
    }
    await sleep(everyMs);
  }
}

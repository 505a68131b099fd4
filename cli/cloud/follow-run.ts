import { setTimeout as sleep } from 'node:timers/promises';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { type ExecutionView, watchExecution } from './execution-view.ts';
import type { ProgressDisplay } from './progress-display.ts';

/** Often enough for people, and for a hundred of them at once below what AWS answers in an account. */
const EVERY_MS = 5_000;

/** Look at an execution until it has ended, and show what is seen. */
export async function followRun(
  client: SFNClient,
  executionArn: string,
  display: ProgressDisplay,
): Promise<ExecutionView> {
  const look = watchExecution(client, executionArn);
  for (;;) {
    const view = await look();
    if (view.status !== 'RUNNING') return view;
    display.show(view);
    await sleep(EVERY_MS);
  }
}

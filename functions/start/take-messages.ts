import pLimit from 'p-limit';
import type { StartedRun } from '../../shared/contract/start-call.ts';
import { type Request, readMessage } from './read-message.ts';

/** A message as the queue delivers it. */
export interface Message {
  messageId: string;
  body: string;
}

export interface TakenMessages {
  runs: StartedRun[];
  /** what is to be delivered again: all messages of a dataset, or one that nobody can read */
  failures: { messageIds: string[]; error: unknown }[];
}

/** Datasets that are looked at side by side. */
const DATASETS_IN_FLIGHT = 8;

/**
 * Take a batch of messages: those of one dataset together, each dataset for itself, so that one that cannot be listed
 * or read holds up no other.
 *
 * A message that nobody can read is delivered again, too: after a few times it ends in the dead-letter queue, where
 * somebody will look for the defect.
 *
 * @param wake see the start stage
 */
export async function takeMessages(
  messages: readonly Message[],
  inputBucket: string,
  wake: (dataset: string, requests: readonly Request[]) => Promise<StartedRun | undefined>,
): Promise<TakenMessages> {
  const taken: TakenMessages = { runs: [], failures: [] };
  const datasets = new Map<string, { requests: Request[]; messageIds: string[] }>();
  for (const { messageId, body } of messages) {
    try {
      const request = readMessage(body, inputBucket);
      if (!request) continue;
      const group = datasets.get(request.dataset) ?? { requests: [], messageIds: [] };
      group.requests.push(request);
      group.messageIds.push(messageId);
      datasets.set(request.dataset, group);
    } catch (error) {
      taken.failures.push({ messageIds: [messageId], error });
    }
  }
  await pLimit(DATASETS_IN_FLIGHT).map(datasets, async ([dataset, { requests, messageIds }]) => {
    try {
      const run = await wake(dataset, requests);
      if (run) taken.runs.push(run);
    } catch (error) {
      taken.failures.push({ messageIds, error });
    }
  });
  return taken;
}

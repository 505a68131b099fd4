import { afterAll, beforeAll } from 'vitest';
import type { Deployment } from './deployment.ts';
import { Inbox } from './inbox.ts';
import { Referee } from './referee.ts';

/** Deploy the stack once for a test file, in an account of its own, with somebody subscribed to its notices. */
export function deployForTests() {
  let referee: Referee;
  let deployed: Deployment;
  let inbox: Inbox;
  beforeAll(async () => {
    referee = await Referee.open();
    deployed = await referee.deploy();
    inbox = await Inbox.subscribe(referee.emulator.aws, deployed.outputs.topicArn);
  });
  afterAll(() => {
    inbox?.close();
    deployed?.close();
    referee?.close();
  });
  return { referee: () => referee, deployed: () => deployed, inbox: () => inbox };
}

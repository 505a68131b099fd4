import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Inbox } from './inbox.ts';
import { Referee } from './referee.ts';
import { makeTrialData, RightsTrial } from './rights-trial.ts';
import { RoleRights } from './role-rights.ts';
import { whyNotRed } from './why-not-red.ts';

/**
 * Take rights out of the functions' roles, one after another, and print what becomes of a run.
 *
 * @param text of the rights to try: `<stage> <action> <resource>` holds it
 * @returns whether every one of them was red but those that are known not to be
 */
export async function tryRights(text: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-rights-'));
  const referee = await Referee.open();
  try {
    const deployed = await referee.deploy();
    const inbox = await Inbox.subscribe(referee.emulator.aws, deployed.outputs.topicArn);
    const rights = await RoleRights.open(referee.emulator.aws, deployed.outputs);
    const trial = new RightsTrial(deployed, inbox, rights, await makeTrialData(folder));
    const tried = rights.all().filter(({ stage, name }) => `${stage} ${name}`.includes(text));
    let asExpected = tried.length > 0;
    for (const right of tried) {
      const expected = whyNotRed(right);
      const { isGreen, reason } = await trial.without(right);
      if (isGreen !== (expected !== undefined)) asExpected = false;
      const colour = isGreen ? 'green' : 'red  ';
      console.log(`${colour} ${right.stage} ${right.name}: ${isGreen ? (expected ?? 'NOBODY KNOWS WHY') : reason}`);
    }
    return asExpected;
  } finally {
    referee.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

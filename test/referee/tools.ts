import { existsSync } from 'node:fs';
import { hasEmulator } from '../support/emulator-process.ts';
import { node24 } from '../support/node24.ts';

const missing = [...(hasEmulator ? [] : ['the AWS emulator']), ...(existsSync(node24) ? [] : ['Node 24'])];

/** Whether what the referee needs is installed; in CI it has to be. */
export const canReferee = missing.length === 0;

/** Names the file for what `npm run referee` says at its end. */
export const REPORT_VARIABLE = 'MODEMAP_REFEREE_REPORT';

if (!canReferee) {
  const advice = `${missing.join(' and ')}: run test/support/install-tools.sh`;
  if (process.env.CI) throw new Error(`the referee must run in CI, it lacks ${advice}`);
  console.warn(`skipped: the referee needs ${advice}`);
}

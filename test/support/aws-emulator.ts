import { atEnd } from './at-end.ts';
import { type EmulatedAws, hasEmulator, launchEmulator } from './emulator-process.ts';

if (!hasEmulator) {
  if (process.env.CI) throw new Error('the AWS emulator is required in CI: run test/support/install-tools.sh');
  console.warn('skipped: tests that need an AWS emulator; install it with test/support/install-tools.sh');
}

export { type EmulatedAws, hasEmulator };

/** Start a fresh emulator on a free port of this machine; it ends with the test file. */
export async function startEmulator(): Promise<EmulatedAws> {
  const { aws, stop } = await launchEmulator();
  atEnd(stop);
  return aws;
}

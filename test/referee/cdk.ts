import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { STACK_OUTPUTS } from '../../shared/contract/stack-outputs.ts';
import type { EmulatedAws } from '../support/emulator-process.ts';

const command = fileURLToPath(new URL('../../node_modules/aws-cdk/bin/cdk', import.meta.url));

export type Outputs = Record<keyof typeof STACK_OUTPUTS, string>;

/** What `cdk bootstrap` does, once an account. */
export async function bootstrap(aws: EmulatedAws): Promise<void> {
  await cdk(aws, 'bootstrap', 'aws://000000000000/us-east-1');
}

/** `cdk deploy` of an assembly, the first time or again. */
export async function deploy(aws: EmulatedAws, assembly: string, stack: string): Promise<Outputs> {
  const file = `${assembly}.outputs.json`;
  await cdk(aws, 'deploy', stack, '--app', assembly, '--require-approval', 'never', '--outputs-file', file);
  const values = JSON.parse(readFileSync(file, 'utf8'))[stack];
  return Object.fromEntries(Object.entries(STACK_OUTPUTS).map(([key, id]) => [key, values[id]])) as Outputs;
}

/** In a folder of its own: the project's cdk.json would make it synthesize again. */
async function cdk(aws: EmulatedAws, ...args: string[]): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), 'modemap-cdk-'));
  const env = { ...aws, AWS_DEFAULT_REGION: aws.AWS_REGION, PATH: process.env.PATH, HOME: cwd, CI: 'true' };
  try {
    await promisify(execFile)(process.execPath, [command, ...args], { cwd, env, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`cdk ${args[0]} must succeed:\n${stdout}${stderr}`, { cause: error });
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

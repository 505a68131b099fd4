import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

const ministack = fileURLToPath(new URL('../../.tools/venv/bin/ministack', import.meta.url));

/** Whether the emulator can run; test/support/install-tools.sh installs it. */
export const hasEmulator = existsSync(ministack);

/** What a process has to be told to talk to the emulator instead of AWS. */
export interface EmulatedAws extends Record<string, string> {
  AWS_ENDPOINT_URL: string;
}

export interface Emulator {
  aws: EmulatedAws;
  stop(): void;
}

/**
 * Start a fresh emulator on a free port of this machine.
 *
 * @param options.enforcesRights roles and policies count: a function may do what its role says and nothing else
 */
export async function launchEmulator({ enforcesRights = false } = {}): Promise<Emulator> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'modemap-aws-'));
  const aws: EmulatedAws = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  };
  const child = spawn(ministack, {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...aws,
      PATH: process.env.PATH,
      HOME: folder,
      TMPDIR: folder,
      // of this machine only, and nothing that needs more than a process
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      LAMBDA_EXECUTOR: 'local',
      AUTH: String(enforcesRights),
      S3_PERSIST: '0',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      DOCKER_HOST: 'unix:///nonexistent.sock',
      LOG_LEVEL: 'WARNING',
    },
  });
  // asked politely it may wait for ever for requests of functions; these end when nobody hands them events any more
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = () => {
    process.off('exit', kill);
    kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  for (let attempt = 0; attempt < 120; attempt++) {
    const answer = await fetch(`${aws.AWS_ENDPOINT_URL}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return { aws, stop };
    await sleep(500);
  }
  stop();
  throw new Error('the AWS emulator must answer within a minute');
}

/** What a client of the SDK has to be told. */
export function clientOptions(aws: EmulatedAws) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = aws;
  return { endpoint: aws.AWS_ENDPOINT_URL, region: aws.AWS_REGION, credentials: { accessKeyId, secretAccessKey } };
}

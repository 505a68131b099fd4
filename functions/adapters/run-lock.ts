import { type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { tryLock } from 'fs-native-extensions';
import { RunInProgressError, StoreRefusedError } from '../../shared/contract/errors.ts';
import { codeOf, writeError } from './local-errors.ts';
import { unlinkIfThere } from './local-publish.ts';

/** The lock is held until `release`, or until the process ends, however it ends. */
export interface RunLock {
  /** Let the next run in; the lock file is removed. */
  release(): Promise<void>;
}

const LOCK_NAME = '.lock';
const OPEN_ATTEMPTS = 10;

/**
 * Make sure that this run is the only one that writes to a folder.
 *
 * The lock is the operating system's, on an open file: a process that is killed leaves none behind, whatever the file
 * says. What the file says is only for the message.
 *
 * @param folder the work folder of the output; created if need be
 * @throws {RunInProgressError} if another process, or another run in this one, holds the lock
 * @throws {StoreRefusedError} if the folder cannot be written to, or its file system knows no locks
 */
export async function acquireRunLock(folder: string): Promise<RunLock> {
  const path = join(folder, LOCK_NAME);
  for (;;) {
    const handle = await openLockFile(folder, path);
    try {
      if (!lock(handle, folder)) throw new RunInProgressError(await messageOf(handle, folder));
      // the holder before may have removed the file between our open and our lock: then nobody else will ever see it
      if (await isStillAt(handle, path)) {
        await sign(handle);
        return { release: () => release(handle, path) };
      }
      await handle.close();
    } catch (error) {
      await handle.close();
      throw writeError(error, path);
    }
  }
}

/** Another run that ends takes its empty folder away, so making the folder and opening the file may meet it in between. */
async function openLockFile(folder: string, path: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true });
      return await open(path, 'a+');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === OPEN_ATTEMPTS) throw writeError(error, path);
    }
  }
}

function lock(handle: FileHandle, folder: string): boolean {
  try {
    return tryLock(handle.fd);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new StoreRefusedError(`the file system of ${folder} must support locks: ${reason}; write to another folder`, {
      cause,
    });
  }
}

async function isStillAt(handle: FileHandle, path: string): Promise<boolean> {
  const [mine, there] = await Promise.all([
    handle.stat({ bigint: true }),
    stat(path, { bigint: true }).catch(() => undefined),
  ]);
  return there !== undefined && there.ino === mine.ino && there.dev === mine.dev;
}

async function sign(handle: FileHandle): Promise<void> {
  await handle.truncate(0);
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await handle.write(`${JSON.stringify(holder)}\n`);
}

async function messageOf(handle: FileHandle, folder: string): Promise<string> {
  const advice = `is writing to ${folder}; wait for it or choose another --out`;
  const text = await handle.read({ buffer: Buffer.alloc(1024), position: 0 });
  try {
    const { pid, host, since } = JSON.parse(text.buffer.toString('utf8', 0, text.bytesRead));
    return `another modemap run (pid ${pid} on ${host}, since ${since}) ${advice}`;
  } catch {
    // it has the lock but has not signed yet
    return `another modemap run ${advice}`;
  }
}

async function release(handle: FileHandle, path: string): Promise<void> {
  unlinkIfThere(path);
  await handle.close();
}

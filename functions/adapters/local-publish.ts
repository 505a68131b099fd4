import { closeSync, fsync, linkSync, mkdirSync, openSync, statSync, unlinkSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, isAbsent } from './local-errors.ts';
import { PUBLISH_LOCK_NAME } from './local-temporaries.ts';

const sync = promisify(fsync);

const LINK_UNSUPPORTED = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
const SYNC_UNSUPPORTED = new Set(['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES']);

type MakeLink = (existing: string, added: string) => void | Promise<void>;

/**
 * Give a complete, synced temporary its final name if that is free: `If-None-Match: *` for a folder.
 *
 * link(2) refuses an existing name atomically, which rename(2) does not. Where the file system knows no hard links, a
 * lock that dies with the process makes "is it free" and rename one step.
 *
 * What only touches names is done in place: on another thread it takes ten times the processor's time. What waits for
 * the disk is not.
 *
 * @param makeLink link(2), or a stand-in for a file system without it
 * @returns false if the name is taken; the temporary is gone either way
 */
export async function publish(temporary: string, final: string, makeLink: MakeLink = linkSync): Promise<boolean> {
  let published: boolean;
  try {
    await makeLink(temporary, final);
    published = true;
  } catch (error) {
    if (LINK_UNSUPPORTED.has(codeOf(error) ?? '')) published = await renameIfFree(temporary, final);
    else if (codeOf(error) === 'EEXIST') published = false;
    else throw error;
  }
  unlinkIfThere(temporary);
  if (published) await syncFolder(dirname(final));
  return published;
}

/**
 * Create a folder and the parents it lacks, durably.
 *
 * Not `mkdir` with `recursive`: where a folder refuses new ones as if it were absent (/proc), Node tries for ever, and
 * where the disk is full it says that the folder is absent.
 *
 * @returns which folders were made, outermost first; also to be found in `made` where it fails half way
 */
export async function makeFolder(folder: string, made: string[] = []): Promise<string[]> {
  if (isFolder(folder)) return made;
  const parent = dirname(folder);
  if (parent !== folder && !isFolder(parent)) await makeFolder(parent, made);
  try {
    mkdirSync(folder);
  } catch (error) {
    // another worker may have been faster
    if (codeOf(error) === 'EEXIST' && isFolder(folder)) return made;
    throw error;
  }
  made.push(folder);
  await syncFolder(parent);
  return made;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Remove a file that may be gone already. */
export function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

async function renameIfFree(temporary: string, final: string): Promise<boolean> {
  // two dozen files to load, of which file systems with hard links need nothing
  const { waitForLock } = await import('fs-native-extensions');
  const lock = await open(join(dirname(final), PUBLISH_LOCK_NAME), 'a+');
  try {
    await waitForLock(lock.fd);
    if (isTaken(final)) return false;
    await rename(temporary, final);
    return true;
  } finally {
    await lock.close();
  }
}

function isTaken(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A name is durable only once its folder is; some systems cannot sync a folder and need not. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      await sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!SYNC_UNSUPPORTED.has(codeOf(error) ?? '')) throw error;
  }
}

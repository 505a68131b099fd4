import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent, writeError } from './local-errors.ts';

const SUFFIX = '.modemap-temporary';
const pattern = /^\.[0-9a-f]{16}\.modemap-temporary$/;

/** A fresh name for a file that is not visible yet. Its length is fixed: a long key must not become too long a name. */
export const temporaryName = () => `.${randomBytes(8).toString('hex')}${SUFFIX}`;

/** Guards publishing where hard links are not supported; a temporary, so that it is neither listed nor left for good. */
export const PUBLISH_LOCK_NAME = `.${'0'.repeat(16)}${SUFFIX}`;

/** True for names that {@link temporaryName} gives: never objects. */
export const isTemporary = (name: string) => pattern.test(name);

/**
 * Remove what killed processes left below `folder`. Only while the run lock is held: a temporary of a live writer
 * looks the same. Symbolic links are not followed.
 *
 * @returns how many were removed
 * @throws {StoreRefusedError} if one cannot be removed
 */
export async function sweepTemporaries(folder: string): Promise<number> {
  let removed = 0;
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of await entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (isTemporary(entry.name)) removed += await removeFile(path);
    }
  }
  return removed;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw writeError(error, folder);
  }
}

async function removeFile(path: string): Promise<number> {
  try {
    await unlink(path);
    return 1;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw writeError(error, path);
  }
}

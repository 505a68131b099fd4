import { closeSync, fstatSync, fsync, openSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { InputChangedError } from '../../shared/contract/errors.ts';
import type { WriteOutcome } from '../../shared/store/object-store.ts';
import { writeError } from './local-errors.ts';
import { etagOf } from './local-etag.ts';
import { makeFolder, publish, unlinkIfThere } from './local-publish.ts';
import { temporaryName } from './local-temporaries.ts';
import { changedMessage, goneMessage } from './store-key.ts';

const sync = promisify(fsync);

/**
 * Read a small file whole, in place: five trips to another thread take more time than the bytes do.
 *
 * @throws {InputChangedError} if it is no file, or changes meanwhile
 */
export function readWhole(path: string, key: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const before = fstatSync(descriptor, { bigint: true });
    if (!before.isFile()) throw new InputChangedError(goneMessage(key));
    const bytes = new Uint8Array(Number(before.size));
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(descriptor, bytes, at, bytes.length - at, at);
      if (read === 0) throw new InputChangedError(changedMessage(key));
      at += read;
    }
    const after = fstatSync(descriptor, { bigint: true });
    if (etagOf(after) !== etagOf(before)) throw new InputChangedError(changedMessage(key));
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** Write a small object whole, in place but for the disk: a temporary that gets its name when it is synced. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<WriteOutcome> {
  const temporary = join(dirname(path), temporaryName());
  try {
    await makeFolder(dirname(path));
    const etag = await writeSynced(temporary, bytes);
    return (await publish(temporary, path)) ? { status: 'written', etag } : { status: 'exists' };
  } catch (error) {
    throw writeError(error, path);
  }
}

/** @returns the ETag of the file, which is not left there unless it is whole */
async function writeSynced(path: string, bytes: Uint8Array): Promise<string> {
  const descriptor = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    await sync(descriptor);
    return etagOf(fstatSync(descriptor, { bigint: true }));
  } catch (error) {
    unlinkIfThere(path);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

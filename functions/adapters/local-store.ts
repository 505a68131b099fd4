import { statSync } from 'node:fs';
import { type FileHandle, open, readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputChangedError, StoreRefusedError } from '../../shared/contract/errors.ts';
import type {
  ObjectHead,
  ObjectStore,
  ObjectWriter,
  ReadRange,
  WriteOutcome,
} from '../../shared/store/object-store.ts';
import { isAbsent, readError, writeError } from './local-errors.ts';
import { etagOf } from './local-etag.ts';
import { walkFiles } from './local-listing.ts';
import { isTemporary } from './local-temporaries.ts';
import { readWhole, writeWhole } from './local-whole.ts';
import { LocalWriter } from './local-writer.ts';
import { beyondEnd, changedMessage, goneMessage, requireKey, requirePrefix, requireRange } from './store-key.ts';

export interface LocalStoreOptions {
  /** writes are refused */
  readOnly?: boolean;
  /** the name of the only file that is there to be seen */
  only?: string;
  /** keys that are not there to be seen, with all below them */
  exclude?: readonly string[];
}

/** read(2) on Linux moves at most 2 GiB less a page. */
const READ_BYTES = 1 << 30;

/**
 * A folder as an object store: files are objects, their paths are keys.
 *
 * Keys are NFC whatever the disk holds; a file whose name is NFD there is found by its NFC key. The ETag is size,
 * modification time and inode, so a rewrite within one tick of the file system's clock and of equal length goes unseen.
 */
export class LocalStore implements ObjectStore {
  readonly #root: string;
  readonly #options: LocalStoreOptions;
  /** where the disk's name of an object is not its key */
  readonly #paths = new Map<string, string>();

  constructor(rootFolder: string, options: LocalStoreOptions = {}) {
    this.#root = resolve(rootFolder);
    this.#options = { ...options, only: options.only?.normalize('NFC') };
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    requireKey(key);
    if (!this.#isVisible(key)) return undefined;
    const path = await this.#pathOf(key);
    try {
      const stats = statSync(path, { bigint: true });
      return stats.isFile() ? { key, etag: etagOf(stats), sizeBytes: Number(stats.size) } : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw readError(error, key, path);
    }
  }

  async *list(prefix: string): AsyncIterable<ObjectHead> {
    requirePrefix(prefix);
    const { only } = this.#options;
    if (only !== undefined) {
      // the folder around it may be somebody's home: neither its size nor its broken links are this file's business
      const head = only.startsWith(prefix) ? await this.head(only) : undefined;
      if (head) yield head;
      return;
    }
    for await (const { key, path, stats } of walkFiles(this.#root, prefix)) {
      if (!this.#isVisible(key)) continue;
      if (path !== this.#plainPath(key)) this.#paths.set(key, path);
      yield { key, etag: etagOf(stats), sizeBytes: Number(stats.size) };
    }
  }

  async read(key: string, range?: ReadRange): Promise<Uint8Array> {
    requireKey(key);
    if (range) requireRange(key, range);
    if (!this.#isVisible(key)) throw new InputChangedError(goneMessage(key));
    const path = await this.#pathOf(key);
    try {
      if (!range) return readWhole(path, key);
      const handle = await open(path, 'r');
      try {
        return await readStable(handle, key, range);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw readError(error, key, path);
    }
  }

  async write(key: string, bytes: Uint8Array): Promise<WriteOutcome> {
    // most repeats end here, without writing the bytes first
    if (await this.head(key)) return { status: 'exists' };
    this.#requireWritable(key);
    return writeWhole(this.#plainPath(key), bytes);
  }

  async openWrite(key: string): Promise<ObjectWriter> {
    requireKey(key);
    this.#requireWritable(key);
    return LocalWriter.open(this.#plainPath(key));
  }

  async remove(key: string): Promise<void> {
    requireKey(key);
    this.#requireWritable(key);
    const path = await this.#pathOf(key);
    try {
      await unlink(path);
    } catch (error) {
      if (!isAbsent(error)) throw writeError(error, path);
    }
    // keys have no folders: one that holds nothing any more is not to be seen
    for (let folder = dirname(path); folder.startsWith(`${this.#root}/`); folder = dirname(folder)) {
      if (!(await removeIfEmpty(folder))) return;
    }
  }

  #requireWritable(key: string): void {
    if (!this.#options.readOnly && this.#isVisible(key)) return;
    throw new StoreRefusedError(
      `${this.#plainPath(key)} cannot be written: the folder is an input; write to another folder`,
    );
  }

  #isVisible(key: string): boolean {
    const { only, exclude = [] } = this.#options;
    if (only !== undefined && key !== only) return false;
    if (key.split('/').some(isTemporary)) return false;
    return !exclude.some((hidden) => key === hidden || key.startsWith(`${hidden}/`));
  }

  #plainPath(key: string): string {
    return join(this.#root, key);
  }

  /** The path of an object; where the plain one does not exist, the one whose names are the key's in NFC. */
  async #pathOf(key: string): Promise<string> {
    const plain = this.#plainPath(key);
    if (/^[\0-\x7f]*$/.test(key)) return plain;
    const known = this.#paths.get(key);
    if (known !== undefined) return known;
    if (await exists(plain)) return plain;
    let path = this.#root;
    for (const segment of key.split('/')) {
      const names = await readdir(path).catch((): string[] => []);
      const name = names.includes(segment) ? segment : names.find((other) => other.normalize('NFC') === segment);
      if (name === undefined) return plain;
      path = join(path, name);
    }
    this.#paths.set(key, path);
    return path;
  }
}

/** Read a range of one version of a file: its ETag is the same before and after. */
async function readStable(handle: FileHandle, key: string, range: ReadRange): Promise<Uint8Array> {
  const before = await handle.stat({ bigint: true });
  if (!before.isFile()) throw new InputChangedError(goneMessage(key));
  const sizeBytes = Number(before.size);
  if (range.etag !== undefined && range.etag !== etagOf(before)) throw new InputChangedError(changedMessage(key));
  const { start, end, into } = range;
  if (end > sizeBytes) throw beyondEnd(key, end, sizeBytes);
  const length = end - start;
  const bytes =
    into && into.length >= length ? into.subarray(0, length) : new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, READ_BYTES), start + at);
    if (bytesRead === 0) throw new InputChangedError(changedMessage(key));
    at += bytesRead;
  }
  if (etagOf(await handle.stat({ bigint: true })) !== etagOf(before)) throw new InputChangedError(changedMessage(key));
  return bytes;
}

const removeIfEmpty = (folder: string) =>
  rmdir(folder).then(
    () => true,
    () => false,
  );

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { UnreadableInputError } from '../../shared/contract/errors.ts';
import { compareKeys, isHidden } from '../../shared/contract/names.ts';
import { codeOf, isAbsent, readError } from './local-errors.ts';
import { isTemporary } from './local-temporaries.ts';

/** A regular file below the root. */
export interface LocalFile {
  /** `/`-separated, NFC */
  key: string;
  /** as it is on disk, which may be NFD */
  path: string;
  stats: BigIntStats;
}

interface Entry extends LocalFile {
  isFolder: boolean;
  /** what the entry's keys begin with: sorting by it sorts whole keys */
  sortKey: string;
}

interface Level {
  entries: Entry[];
  next: number;
  /** device and inode of the folder, so that a symbolic link to it is seen for the loop it is */
  identity: string;
}

/** Files of one folder whose stat is awaited at a time. */
const STATS_IN_FLIGHT = 32;

/**
 * Walk a folder's regular files in the order of their keys, by their UTF-8 bytes. Symbolic links are followed; one
 * that leads back to a folder it lies in is passed over. Memory: the entries of one folder per level.
 *
 * @param prefix what the keys start with; folders outside it are not visited
 * @throws {UnreadableInputError} if a name is not UTF-8, a link leads nowhere, or two names are one key in NFC
 */
export async function* walkFiles(root: string, prefix: string): AsyncGenerator<LocalFile> {
  const levels: Level[] = [];
  const descend = async (path: string, key: string, stats?: BigIntStats) => {
    const identity = stats ? identityOf(stats) : '';
    if (identity !== '' && levels.some((level) => level.identity === identity)) return;
    levels.push({ entries: await entriesOf(path, key, prefix), next: 0, identity });
  };
  await descend(root, '', await stat(root, { bigint: true }).catch(() => undefined));
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.entries[level.next++];
    if (entry === undefined) levels.pop();
    else if (entry.isFolder) await descend(entry.path, `${entry.key}/`, entry.stats);
    else yield entry;
  }
}

async function entriesOf(folder: string, folderKey: string, prefix: string): Promise<Entry[]> {
  let found: Dirent[];
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error) || isHidden(folderKey)) return [];
    throw readError(error, folderKey, folder);
  }
  const wanted = found.filter(
    (entry) => !isTemporary(entry.name) && mayHold(`${folderKey}${entry.name.normalize('NFC')}`, prefix),
  );
  const limit = pLimit(STATS_IN_FLIGHT);
  const entries = await limit.map(wanted, (entry) => inspect(entry, folder, folderKey));
  const kept = entries.filter((entry) => entry !== undefined).filter(({ sortKey }) => isWithin(sortKey, prefix));
  kept.sort((a, b) => compareKeys(a.sortKey, b.sortKey));
  requireDistinct(kept);
  return kept;
}

/** What an entry is once links are followed; undefined for what is gone by now and for sockets and their like. */
async function inspect(entry: Dirent, folder: string, folderKey: string): Promise<Entry | undefined> {
  const key = `${folderKey}${entry.name.normalize('NFC')}`;
  const path = join(folder, entry.name);
  try {
    const stats = await stat(path, { bigint: true });
    const isFolder = stats.isDirectory();
    if (!isFolder && !stats.isFile()) return undefined;
    return { key, path, stats, isFolder, sortKey: isFolder ? `${key}/` : key };
  } catch (error) {
    if (isHidden(key)) return undefined;
    if (entry.isSymbolicLink() && ['ENOENT', 'ELOOP'].includes(codeOf(error) ?? '')) {
      throw new UnreadableInputError(`${key} must lead to a file, it is a symbolic link to nothing; remove or mend it`);
    }
    if (isAbsent(error) && entry.name.includes('\ufffd')) {
      throw new UnreadableInputError(`the name of ${key} must be UTF-8; rename the file`);
    }
    if (isAbsent(error)) return undefined;
    throw readError(error, key, path);
  }
}

function requireDistinct(entries: readonly Entry[]): void {
  for (let i = 1; i < entries.length; i++) {
    if (entries[i].key !== entries[i - 1].key) continue;
    throw new UnreadableInputError(
      `${entries[i].key} must be one name, two on disk differ only in Unicode form; rename one`,
    );
  }
}

const mayHold = (key: string, prefix: string) => prefix.startsWith(key) || key.startsWith(prefix);

const isWithin = (sortKey: string, prefix: string) =>
  sortKey.startsWith(prefix) || (sortKey.endsWith('/') && prefix.startsWith(sortKey));

const identityOf = (stats: BigIntStats) => `${stats.dev}:${stats.ino}`;

import { spawnSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeError } from '../../../functions/adapters/local-errors.ts';
import { publish } from '../../../functions/adapters/local-publish.ts';
import { LocalStore } from '../../../functions/adapters/local-store.ts';
import { sweepTemporaries, temporaryName } from '../../../functions/adapters/local-temporaries.ts';
import {
  InputChangedError,
  StoreRefusedError,
  StoreUnavailableError,
  UnreadableInputError,
} from '../../../shared/contract/errors.ts';
import { describeObjectStore, keysOf, patterned } from '../../support/object-store-contract.ts';

/** Run a command of the system; true if it succeeded. */
const system = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const makeRoot = () => fs.mkdtemp(join(tmpdir(), 'modemap-store-'));
const remove = (folder: string) => fs.rm(folder, { recursive: true, force: true });

async function filesBelow(root: string): Promise<string[]> {
  const entries = await fs.readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

describeObjectStore('LocalStore', async () => {
  const root = await makeRoot();
  return {
    store: new LocalStore(root),
    overwrite: (key, bytes) => fs.writeFile(join(root, key), bytes),
    everything: () => filesBelow(root),
    close: () => remove(root),
  };
});

describe('LocalStore', () => {
  let root: string;
  let store: LocalStore;
  beforeEach(async () => {
    root = await makeRoot();
    store = new LocalStore(root);
  });
  afterEach(() => remove(root));

  it('lists nothing where there is no folder', async () => {
    expect(await keysOf(new LocalStore(join(root, 'none')))).toEqual([]);
  });

  it('finds a file whose name on disk is NFD by its NFC key, listed before or not', async () => {
    const [nfc, nfd] = ['caf\u00e9/\u00fcber.parquet', 'cafe\u0301/u\u0308ber.parquet'];
    await fs.mkdir(join(root, 'cafe\u0301'));
    await fs.writeFile(join(root, nfd), 'x');
    expect(await store.head(nfc)).toMatchObject({ key: nfc, sizeBytes: 1 });
    expect(Buffer.from(await new LocalStore(root).read(nfc)).toString()).toBe('x');
    const listing = new LocalStore(root);
    expect(await keysOf(listing, 'caf\u00e9/')).toEqual([nfc]);
    expect(Buffer.from(await listing.read(nfc)).toString()).toBe('x');
    expect(
      await new LocalStore(join(root, 'cafe\u0301'), { only: 'u\u0308ber.parquet' }).head('\u00fcber.parquet'),
    ).toBeDefined();
    await store.remove(nfc);
    expect(await filesBelow(root)).toEqual([]);
  });

  it('refuses two names that are one key', async () => {
    await fs.writeFile(join(root, '\u00e9.parquet'), 'a');
    await fs.writeFile(join(root, 'e\u0301.parquet'), 'b');
    if ((await fs.readdir(root)).length < 2) return expect(await keysOf(store)).toHaveLength(1);
    await expect(keysOf(store)).rejects.toThrow('two on disk differ only in Unicode form; rename one');
  });

  it('refuses a name that is not UTF-8', async () => {
    await fs.writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xff), Buffer.from('.parquet')]), 'a');
    await expect(keysOf(store)).rejects.toThrow(UnreadableInputError);
    await expect(keysOf(store)).rejects.toThrow('must be UTF-8; rename the file');
  });

  it('follows symbolic links, and passes over one that leads back to where it lies', async () => {
    await fs.mkdir(join(root, 'real/deep'), { recursive: true });
    await fs.writeFile(join(root, 'real/deep/x'), 'x');
    await fs.symlink('real/deep/x', join(root, 'link'));
    await fs.symlink('real', join(root, 'mirror'));
    await fs.symlink('../..', join(root, 'real/deep/loop'));
    await fs.symlink('.', join(root, 'self'));
    expect(await keysOf(store)).toEqual(['link', 'mirror/deep/x', 'real/deep/x']);
    expect(await store.head('link')).toMatchObject({ sizeBytes: 1 });
  });

  it('names a symbolic link to nothing, unless it is hidden', async () => {
    await fs.symlink('nowhere', join(root, '.#lock'));
    expect(await keysOf(store)).toEqual([]);
    await fs.symlink('itself.parquet', join(root, 'itself.parquet'));
    await expect(keysOf(store)).rejects.toThrow('itself.parquet must lead to a file, it is a symbolic link to nothing');
  });

  it('sees only regular files', async () => {
    system('mkfifo', join(root, 'pipe.parquet'));
    await fs.mkdir(join(root, 'folder.parquet'));
    expect(await keysOf(store)).toEqual([]);
    expect(await store.head('folder.parquet')).toBeUndefined();
    await expect(store.read('folder.parquet')).rejects.toThrow(InputChangedError);
  });

  it('shows a single file and hides what is excluded', async () => {
    for (const name of ['a.parquet', 'b.parquet', 'out/part.parquet', 'outer']) await store.write(name, patterned(3));
    const single = new LocalStore(root, { only: 'b.parquet' });
    expect(await keysOf(single)).toEqual(['b.parquet']);
    expect(await single.head('a.parquet')).toBeUndefined();
    await expect(single.read('a.parquet')).rejects.toThrow(InputChangedError);
    expect(await keysOf(new LocalStore(root, { exclude: ['out'] }))).toEqual(['a.parquet', 'b.parquet', 'outer']);
    await expect(new LocalStore(root, { readOnly: true }).openWrite('c')).rejects.toThrow(StoreRefusedError);
  });

  it('names a file that changes while it is read', async () => {
    const path = join(root, 'x.parquet');
    await fs.writeFile(path, patterned(1000));
    const handle = await fs.open(path);
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    const readOnce = prototype.read;
    for (const change of [() => fs.appendFile(path, 'more'), () => fs.truncate(path, 10)]) {
      const spy = vi.spyOn(prototype, 'read').mockImplementationOnce(async function (
        this: unknown,
        ...args: unknown[]
      ) {
        await change();
        return readOnce.apply(this, args);
      });
      const read = store.read('x.parquet', { start: 500, end: 600 });
      await expect(read).rejects.toThrow(InputChangedError);
      await expect(read).rejects.toThrow('x.parquet changed while the run was reading it; run again');
      spy.mockRestore();
    }
  });

  it('leaves nothing when a write fails halfway', async () => {
    const handle = await fs.open(join(root, 'other'), 'w');
    const prototype = Object.getPrototypeOf(handle);
    await handle.close();
    await fs.rm(join(root, 'other'));
    for (const method of ['write', 'sync', 'stat'] as const) {
      const failure = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      const writer = await store.openWrite('d/k');
      await writer.write(patterned(100));
      const spy = vi.spyOn(prototype, method).mockRejectedValueOnce(failure);
      await expect(writer.close()).rejects.toThrow(`${join(root, 'd/k')} cannot be written: no space is left`);
      spy.mockRestore();
      await expect(writer.close()).rejects.toThrow('must be open');
      await writer.abort();
      expect(await filesBelow(root)).toEqual([]);
    }
  });

  it('refuses to write where a file stands in the way, naming the path', async () => {
    await store.write('a', patterned(1));
    await expect(store.write('a/b', patterned(1))).rejects.toThrow(StoreRefusedError);
    await expect(store.write('a/b', patterned(1))).rejects.toThrow(
      `${join(root, 'a/b')} cannot be written: a file stands`,
    );
    await expect(store.write('x'.repeat(300), patterned(1))).rejects.toThrow('the path is too long');
  });

  it('writes names as long as the file system allows', async () => {
    const key = `${'x'.repeat(246)}.parquet`;
    expect(await store.write(key, patterned(1))).toMatchObject({ status: 'written' });
    expect(await keysOf(store)).toEqual([key]);
  });

  it('neither lists nor reads temporaries, and sweeps those of a killed process only', async () => {
    await store.write('data/kept.parquet', patterned(1));
    const name = temporaryName();
    await fs.writeFile(join(root, 'data', name), 'half');
    await fs.writeFile(join(root, '.hidden'), 'not ours');
    expect(await keysOf(store)).toEqual(['.hidden', 'data/kept.parquet']);
    expect(await store.head(`data/${name}`)).toBeUndefined();
    expect(await sweepTemporaries(root)).toBe(1);
    expect(await sweepTemporaries(join(root, 'none'))).toBe(0);
    expect((await filesBelow(root)).sort()).toEqual(['.hidden', 'data/kept.parquet']);
  });

  it('translates what the system says into what the caller can do', () => {
    const failing = (code: string) => writeError(Object.assign(new Error(code), { code }), '/p');
    for (const code of ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'])
      expect(failing(code)).toBeInstanceOf(StoreRefusedError);
    for (const code of ['EMFILE', 'EIO', 'ETIMEDOUT']) expect(failing(code)).toBeInstanceOf(StoreUnavailableError);
    const defect = new TypeError('x');
    expect(writeError(defect, '/p')).toBe(defect);
  });
});

describe('publish, where hard links are not supported', () => {
  it('lets exactly one of several writers have the name, and leaves no lock to be listed', async () => {
    const root = await makeRoot();
    const unsupported = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }));
    const final = join(root, 'k');
    const outcomes = await Promise.all(
      [...'abcdef'].map(async (content) => {
        const temporary = join(root, temporaryName());
        await fs.writeFile(temporary, content);
        return { content, isPublished: await publish(temporary, final, unsupported) };
      }),
    );
    const winners = outcomes.filter(({ isPublished }) => isPublished);
    expect(winners).toHaveLength(1);
    expect(await fs.readFile(final, 'utf8')).toBe(winners[0].content);
    expect(await keysOf(new LocalStore(root))).toEqual(['k']);
    await sweepTemporaries(root);
    expect(await filesBelow(root)).toEqual(['k']);
    await remove(root);
  });
});

/** A small file system of its own, or undefined where mounting is not permitted. */
async function mountSmall(options: string): Promise<string | undefined> {
  const folder = await makeRoot();
  if (system('mount', '-t', 'tmpfs', '-o', options, 'modemap-test', folder)) return folder;
  await remove(folder);
  return undefined;
}

describe('LocalStore on a file system of 2 MB', () => {
  it('says that the disk is full, leaves nothing, and says so when it is read-only', async ({ skip }) => {
    const root = await mountSmall('size=2m');
    if (root === undefined) return skip('mounting is not permitted');
    try {
      const store = new LocalStore(root);
      const writer = await store.openWrite('d/big');
      const writeAll = async () => {
        await writer.write(patterned(5 << 20));
        await writer.close();
      };
      await expect(writeAll()).rejects.toThrow(StoreRefusedError);
      expect(await filesBelow(root)).toEqual([]);
      await expect(store.write('big', patterned(3 << 20))).rejects.toThrow(
        `${root}/big cannot be written: no space is left on the device; free some, or write to another folder`,
      );
      expect(await filesBelow(root)).toEqual([]);
      await store.write('fits', patterned(1 << 20));
      system('mount', '-o', 'remount,ro', root);
      await expect(store.write('k', patterned(1))).rejects.toThrow('the file system is read-only');
      await expect(store.remove('fits')).rejects.toThrow(StoreRefusedError);
      expect(await keysOf(store)).toEqual(['fits']);
    } finally {
      system('umount', root);
      await remove(root);
    }
  });
});

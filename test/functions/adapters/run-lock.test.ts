import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireRunLock } from '../../../functions/adapters/run-lock.ts';
import { RunInProgressError, StoreRefusedError } from '../../../shared/contract/errors.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Another process that takes the lock and keeps it until it is killed. */
async function startHolder(folder: string): Promise<ChildProcess> {
  const contents = `
    import { acquireRunLock } from './functions/adapters/run-lock.ts';
    await acquireRunLock(process.argv[1]);
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: repository, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const holder = spawn(process.execPath, ['--input-type=module', '-e', outputFiles[0].text, folder], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

describe('acquireRunLock', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modemap-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets one run in at a time, and the next one after it, and leaves no file', async () => {
    const work = join(folder, 'out/.work');
    const first = await acquireRunLock(work);
    await expect(acquireRunLock(work)).rejects.toThrow(RunInProgressError);
    await expect(acquireRunLock(work)).rejects.toThrow(
      new RegExp(
        `^another modemap run \\(pid ${process.pid} on ${hostname()}, since 20.*Z\\) is writing to ${work}; wait for it or choose another --out$`,
      ),
    );
    await first.release();
    expect(await readdir(work)).toEqual([]);
    const second = await acquireRunLock(work);
    await second.release();
  });

  it('lets exactly one of many in that ask at once, however often', async () => {
    let inside = 0;
    let turns = 0;
    const tryOften = async () => {
      for (let attempt = 0; attempt < 30; attempt++) {
        const lock = await acquireRunLock(folder).catch((error: unknown) => {
          expect(error).toBeInstanceOf(RunInProgressError);
        });
        if (!lock) continue;
        expect(++inside).toBe(1);
        turns++;
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        await lock.release();
      }
    };
    await Promise.all([tryOften(), tryOften(), tryOften(), tryOften()]);
    expect(turns).toBeGreaterThan(0);
  });

  it('keeps another process out while it lives and forgets it when it is killed', async () => {
    const holder = await startHolder(folder);
    await expect(acquireRunLock(folder)).rejects.toThrow(`another modemap run (pid ${holder.pid} on ${hostname()}`);
    const died = once(holder, 'exit');
    holder.kill('SIGKILL');
    await died;
    expect(await readdir(folder)).toEqual(['.lock']);
    const lock = await acquireRunLock(folder);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('says so when the folder cannot be', async () => {
    await writeFile(join(folder, 'file'), 'x');
    await expect(acquireRunLock(join(folder, 'file/.work'))).rejects.toThrow(StoreRefusedError);
  });
});

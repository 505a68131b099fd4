import { readdir, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LocalEraser } from '../functions/adapters/local-eraser.ts';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { sweepTemporaries } from '../functions/adapters/local-temporaries.ts';
import { NO_CATALOG } from '../functions/adapters/no-catalog.ts';
import { acquireRunLock, type RunLock } from '../functions/adapters/run-lock.ts';
import { storedCurrentRuns } from '../functions/current-runs.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import type { Access, OpenHouse } from './open-house.ts';
import { isOutputFolder, WORK_FOLDER } from './output-folder.ts';

/**
 * Open an output folder. To change it is to hold the run lock: no run is under way then, and what killed ones left
 * without a name is taken away.
 */
export async function openLocalHouse(folder: string, access: Access): Promise<OpenHouse> {
  const root = resolve(folder);
  const names = await readdir(root).catch((cause: Error) => {
    throw new ConfigurationError(`the output must be a folder that can be read, ${folder}: ${cause.message}`, {
      cause,
    });
  });
  if (!isOutputFolder(names)) {
    throw new ConfigurationError(
      `the output must be the folder that runs were written to (--out), ${folder} holds no run; give that folder, or s3://BUCKET`,
    );
  }
  const workRoot = `${root}/${WORK_FOLDER}`;
  const lock = access === 'change' ? await acquireRunLock(workRoot) : undefined;
  if (lock) await sweepTemporaries(root);
  const output = new LocalStore(root);
  return {
    name: folder,
    keepsVersions: false,
    house: {
      work: new LocalStore(workRoot),
      output,
      erasers: { work: new LocalEraser(workRoot), output: new LocalEraser(root) },
      currents: storedCurrentRuns(output),
      catalog: NO_CATALOG,
      // whoever holds the lock is alone
      underWay: async () => [],
    },
    close: () => release(lock, workRoot),
  };
}

async function release(lock: RunLock | undefined, workRoot: string): Promise<void> {
  if (!lock) return;
  await lock.release();
  // with its last run the folder has served
  await rmdir(workRoot).catch(() => undefined);
}

import { readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { makeFolder } from '../functions/adapters/local-publish.ts';
import { ConfigurationError, StoreRefusedError } from '../shared/contract/errors.ts';
import { RUN_KINDS } from '../shared/contract/keys.ts';

/** The work store lies in the output folder, hidden. */
export const WORK_FOLDER = '.work';

/** What a run writes at the top of its output folder; anything else there is somebody's data. */
const OURS = new Set([WORK_FOLDER, ...RUN_KINDS, 'runs', 'current']);

/** True for what lies in a folder that runs were written to, of a removal that was cut short too. */
export const isOutputFolder = (names: readonly string[]) =>
  names.includes('runs') || names.includes(WORK_FOLDER) || (names.length > 0 && names.every((name) => OURS.has(name)));

/** An output folder that is ready to be written to. */
export interface OutputFolder {
  /** absolute */
  path: string;
  /** Take away what preparing it created, as far as it is still empty. */
  undo(): Promise<void>;
}

/**
 * Check and create the output folder.
 *
 * @throws {ConfigurationError} if it is a file, holds something else, lies inside the input or holds it
 * @throws {StoreRefusedError} if it cannot be created
 */
export async function prepareOutputFolder(out: string, inputRoot: string, inputFile?: string): Promise<OutputFolder> {
  if (out === '') throw new ConfigurationError('--out must name a folder, got nothing');
  const path = resolve(out);
  const existing = await stat(path).catch(() => undefined);
  if (existing && !existing.isDirectory()) throw new ConfigurationError(`--out must be a folder, ${out} is a file`);
  if (inputFile === undefined) await requireApart(path, out, inputRoot);
  if (existing) {
    const foreign = (await readdir(path)).find((name) => !OURS.has(name));
    if (foreign !== undefined) {
      throw new ConfigurationError(
        `--out must be empty or the output of earlier runs, ${out} holds ${JSON.stringify(foreign)}; choose another folder`,
      );
    }
  }
  const created = await create(`${path}/${WORK_FOLDER}`, out);
  const undo = async () => {
    if (created.length > 0) await removeEmptyBelow(`${path}/${WORK_FOLDER}`);
    await removeEmpty(created);
  };
  return { path, undo };
}

/** Remove a run that was never committed: its work and its parts. */
export async function discardRun(path: string, datasetId: string, runId: string): Promise<void> {
  const folders = [`${WORK_FOLDER}/${datasetId}`, ...RUN_KINDS.map((kind) => `${kind}/dataset=${datasetId}`)];
  for (const folder of folders) {
    const name = folder.startsWith(WORK_FOLDER) ? runId : `run_id=${runId}`;
    await rm(`${path}/${folder}/${name}`, { recursive: true, force: true });
    await removeEmpty([`${path}/${folder}`, dirname(`${path}/${folder}`)]);
  }
}

/** What a run writes must never be among the files of the next one. */
async function requireApart(path: string, out: string, inputRoot: string): Promise<void> {
  const [output, input] = await Promise.all([realpathOfNearest(path), realpath(inputRoot)]);
  const relation = isInside(output, input) ? 'lie inside' : isInside(input, output) ? 'hold' : undefined;
  if (relation === undefined) return;
  throw new ConfigurationError(
    `--out must not ${relation} the input, --out is ${out} and INPUT ${inputRoot}; choose a folder beside it`,
  );
}

/** Create a folder and say which folders had to be made, innermost first. */
async function create(folder: string, out: string): Promise<string[]> {
  const made: string[] = [];
  try {
    await makeFolder(folder, made);
    return made.reverse();
  } catch (cause) {
    await removeEmpty(made.reverse());
    throw new StoreRefusedError(`--out must be writable, ${out} cannot be created: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** A write that failed has made its folders all the same. */
async function removeEmptyBelow(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((found) => found.isDirectory())) {
    const below = `${folder}/${entry.name}`;
    await removeEmptyBelow(below);
    await removeEmpty([below]);
  }
}

async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch {
      // not empty, or gone already: nothing of ours to take away
    }
  }
}

/** The real path of the deepest part of `path` that exists, with the rest appended: symbolic links must not hide where it is. */
async function realpathOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(await realpathOfNearest(parent), relative(parent, path));
  }
}

const isInside = (path: string, folder: string) => path === folder || `${path}${sep}`.startsWith(`${folder}${sep}`);

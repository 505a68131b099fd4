import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { isHidden } from '../shared/contract/names.ts';

/** Where the input is: a folder is one dataset with everything below it, a file is a dataset of one object. */
export interface InputLocation {
  dataset: string;
  /** absolute */
  root: string;
  /** the name of the only file, or undefined for a whole folder */
  file: string | undefined;
}

/**
 * Resolve the INPUT argument.
 *
 * @throws {ConfigurationError} if nothing is there, or if it is a kind of place that cannot be read
 */
export async function locateInput(input: string, dataset?: string): Promise<InputLocation> {
  if (input.startsWith('s3://')) {
    throw new ConfigurationError(
      `INPUT must be a file or folder on this machine, got ${input}; copy it here first (aws s3 sync)`,
    );
  }
  if (input === '') throw new ConfigurationError('INPUT must name a file or folder, got nothing');
  const path = resolve(input);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ConfigurationError(`INPUT must exist, ${input} does not; check the path`);
  if (found.isDirectory()) return { dataset: dataset ?? basename(await realpath(path)), root: path, file: undefined };
  if (!found.isFile()) throw new ConfigurationError(`INPUT must be a file or a folder, ${input} is neither`);
  if (!path.toLowerCase().endsWith('.parquet')) {
    throw new ConfigurationError(`INPUT must be a .parquet file or a folder of them, got ${input}`);
  }
  const name = basename(path);
  if (isHidden(name)) {
    throw new ConfigurationError(
      `INPUT must not be hidden, ${input} begins with ${JSON.stringify(name[0])}; rename the file`,
    );
  }
  if (found.size === 0) throw new ConfigurationError(`INPUT must hold a table, ${input} is empty; check the path`);
  return { dataset: dataset ?? name.slice(0, -'.parquet'.length), root: dirname(path), file: name };
}

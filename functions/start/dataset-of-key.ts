import { CONFIGURATION_FILE, isHidden, isParquet, MARKER_FILE } from '../../shared/contract/names.ts';

/** What an object says by its key: to which dataset it belongs, and whether it is the dataset's marker. */
export interface DatasetKey {
  dataset: string;
  isMarker: boolean;
}

/**
 * The dataset of an object: its first folder, or the stem of a Parquet file at the root; undefined for keys that start
 * nothing (hidden ones, folders as some tools create them, other files at the root).
 */
export function datasetOfKey(key: string): DatasetKey | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) {
    return isParquet(key) && !isHidden(key) ? { dataset: stemOf(key), isMarker: false } : undefined;
  }
  const [dataset, rest] = [key.slice(0, slash), key.slice(slash + 1)];
  if (!isDatasetName(dataset) || rest === '' || rest.endsWith('/')) return undefined;
  if (rest === MARKER_FILE) return { dataset, isMarker: true };
  return rest === CONFIGURATION_FILE || !isHidden(rest) ? { dataset, isMarker: false } : undefined;
}

/** True for what can be the first folder of visible keys. */
export const isDatasetName = (name: string) => name !== '' && !name.includes('/') && !isHidden(name);

/** A Parquet file's name without its suffix. */
export const stemOf = (name: string) => name.slice(0, -'.parquet'.length);

import { SchemaMismatchError } from '../contract/errors.ts';

/** A column that a `k=v` folder of a key stands for; null for Hive's default partition. */
export interface FolderColumn {
  name: string;
  value: string | null;
}

const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/**
 * The columns in the `k=v` folders of an object's key, outermost first, percent-decoded.
 *
 * @see https://cwiki.apache.org/confluence/display/Hive/DynamicPartitions
 */
export function folderColumnsOf(key: string): FolderColumn[] {
  const columns: FolderColumn[] = [];
  for (const segment of key.split('/').slice(0, -1)) {
    const at = segment.indexOf('=');
    if (at <= 0) continue;
    const value = percentDecode(segment.slice(at + 1));
    columns.push({ name: percentDecode(segment.slice(0, at)), value: value === HIVE_NULL ? null : value });
  }
  return columns;
}

/**
 * Check that an object's folders stand for the same columns as the first one's.
 *
 * @throws {SchemaMismatchError} naming both objects
 */
export function requireSameFolders(firstKey: string, key: string): void {
  const names = (of: string) =>
    folderColumnsOf(of)
      .map(({ name }) => name)
      .join(', ');
  if (names(firstKey) === names(key)) return;
  throw new SchemaMismatchError(
    `all files of a dataset must lie in the same k=v folders: ${firstKey} has (${names(firstKey)}), ${key} has (${names(key)})`,
  );
}

/** Malformed escapes stay as they are: a folder may well be called `100%`. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

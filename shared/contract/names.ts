import { createHash } from 'node:crypto';

/** Suffixes of the two columns that replace a normalized column `c`. */
export const normalizedName = (column: string) => `${column}_normalized`;
export const componentName = (column: string) => `${column}_component`;

/** What stands in `c_component` for values that no component can hold. */
export const NAN_COMPONENT = -1;
export const POSITIVE_INFINITY_COMPONENT = -2;
export const NEGATIVE_INFINITY_COMPONENT = -3;

/** The configuration beside the data. */
export const CONFIGURATION_FILE = '_modemap.json';

/** Beside the data: a dataset that has it starts on it alone. */
export const MARKER_FILE = '_SUCCESS';

const safeName = /^[a-z0-9][a-z0-9_]{0,46}$/;

/**
 * The name of a dataset as it appears in keys, execution names and tables: the name itself where it is safe, else a
 * slug of it and eight hex digits of its SHA-256, so that two names never meet in one id.
 */
export function datasetIdOf(name: string): string {
  if (safeName.test(name)) return name;
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 38);
  const digest = createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 8);
  return `${slug || 'dataset'}_${digest}`;
}

/** True for keys that are never data: any path segment beginning with `_` or `.`. */
export function isHidden(key: string): boolean {
  return key.split('/').some((segment) => segment.startsWith('_') || segment.startsWith('.'));
}

/** True for keys that are data by their name. */
export function isParquet(key: string): boolean {
  return key.toLowerCase().endsWith('.parquet');
}

/** Order of keys everywhere: by UTF-8 bytes, which is not the order of JavaScript's `<` outside the BMP. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

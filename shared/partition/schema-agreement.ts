import { SchemaMismatchError } from '../contract/errors.ts';

/** A leaf as far as two objects must agree on it. */
export interface LeafSignature {
  /** dotted path */
  path: string;
  /** a word for people, e.g. `INT64`, `DECIMAL(9,3)` */
  type: string;
}

/**
 * Check that an object describes the same table as the first one: the same leaves of the same types in the same order.
 *
 * @throws {SchemaMismatchError} naming the first column that differs and both objects
 */
export function requireSameLeaves(
  first: { key: string; leaves: readonly LeafSignature[] },
  other: { key: string; leaves: readonly LeafSignature[] },
): void {
  const length = Math.max(first.leaves.length, other.leaves.length);
  for (let i = 0; i < length; i++) {
    const a = first.leaves[i];
    const b = other.leaves[i];
    if (a?.path === b?.path && a?.type === b?.type) continue;
    throw new SchemaMismatchError(
      `all files of a dataset must have the same columns, but ${describe(first, other, a, b)}; give the files of each schema a folder of their own`,
    );
  }
}

type Side = { key: string; leaves: readonly LeafSignature[] };

function describe(first: Side, other: Side, a: LeafSignature | undefined, b: LeafSignature | undefined): string {
  if (a && b && a.path === b.path) return `${a.path} is ${a.type} in ${first.key} and ${b.type} in ${other.key}`;
  const missing = a && !other.leaves.some(({ path }) => path === a.path);
  if (missing) return `${other.key} has no column ${a.path}, ${first.key} has`;
  const extra = b && !first.leaves.some(({ path }) => path === b.path);
  if (extra) return `${other.key} has a column ${b.path}, ${first.key} has not`;
  return `column ${a?.path ?? b?.path} stands at another place in ${other.key} than in ${first.key}`;
}

import pLimit from 'p-limit';
import { SchemaMismatchError } from '../../shared/contract/errors.ts';
import type { Partition, PartitionSlice } from '../../shared/contract/stages.ts';
import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { FooterCache } from '../footer-cache.ts';

/** Small objects may share a partition by the thousand: their footers are read side by side. */
const FOOTERS_IN_FLIGHT = 16;

/** The footers of a partition's objects, in its order. */
export async function readFooters(footers: FooterCache, { root, slices }: Partition) {
  const limit = pLimit(FOOTERS_IN_FLIGHT);
  const read = async (slice: PartitionSlice) => ({
    slice,
    footer: await footers.of({ ...slice, key: `${root}${slice.key}` }),
  });
  return limit.map(slices, read);
}

/** A stored plan and model fit the objects they were made for; a configuration by hand may not. */
export function requireColumns(columns: readonly TopLevelColumn[], names: Iterable<string>, key: string): void {
  const there = new Set(columns.map(({ name }) => name));
  for (const name of names) {
    if (!there.has(name)) throw new SchemaMismatchError(`${key} must have the model's column ${JSON.stringify(name)}`);
  }
}

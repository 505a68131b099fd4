import { fieldOf, readStruct, type ThriftStruct, withFields, writeStruct } from '../../shared/parquet/thrift.ts';
import { edit, metadataOf, withMetadata } from '../parquet/read/parquet-file.ts';

/** More rows than the decoder can hold: it gives up by a trap. */
const ROWS = 1_900_000_000n;

const ROW_GROUP = [4, 0];
const COLUMN = [...ROW_GROUP, 1, 0, 3];

/**
 * A Parquet file whose decoding traps: footer and page of its only column agree on far more rows than there are.
 *
 * @param file of one column, one row group and one data page
 */
export function trappingFile(file: Uint8Array): Uint8Array {
  const metadata = metadataOf(file);
  const column = at(metadata, COLUMN);
  const offset = Number(fieldOf(column, 9));
  const header = readStruct(file, offset);
  const forged = writeStruct(edit(header.struct, [5], (page) => withCounts(page, { 1: Number(ROWS) })));
  const grown = BigInt(forged.length - (header.end - offset));
  const bytes = Buffer.concat([file.subarray(0, offset), forged, file.subarray(header.end)]);
  const rows = withCounts(
    edit(metadata, ROW_GROUP, (group) => withCounts(group, { 3: ROWS })),
    { 3: ROWS },
  );
  const sizes = { 5: ROWS, 6: (fieldOf(column, 6) as bigint) + grown, 7: (fieldOf(column, 7) as bigint) + grown };
  return withMetadata(
    Uint8Array.from(bytes),
    edit(rows, COLUMN, (chunk) => withCounts(chunk, sizes)),
  );
}

function at(struct: ThriftStruct, path: readonly number[]): ThriftStruct {
  let found = struct;
  edit(struct, path, (target) => {
    found = target;
    return target;
  });
  return found;
}

function withCounts(struct: ThriftStruct, counts: Record<number, number | bigint>): ThriftStruct {
  const fields = Object.entries(counts).map(([id, value]) => {
    const field = struct.fields.find((candidate) => candidate.id === Number(id))!;
    return [id, { ...field, value }] as const;
  });
  return withFields(struct, Object.fromEntries(fields));
}

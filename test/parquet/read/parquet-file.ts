import { decodeDoubles } from '../../../shared/parquet/decode-doubles.ts';
import { parseFooter } from '../../../shared/parquet/footer.ts';
import type { ParquetFooter } from '../../../shared/parquet/footer-types.ts';
import { fieldOf, readStruct, type ThriftStruct, withFields, writeStruct } from '../../../shared/parquet/thrift.ts';

/** The FileMetaData of a file in memory. */
export function metadataOf(file: Uint8Array): ThriftStruct {
  return readStruct(file, footerStart(file)).struct;
}

/** The file with another FileMetaData; its pages stay where they are. */
export function withMetadata(file: Uint8Array, metadata: ThriftStruct): Uint8Array {
  const footer = writeStruct(metadata);
  const closing = Buffer.alloc(8, 'PAR1', 'latin1');
  closing.writeUInt32LE(footer.length);
  return Uint8Array.from(Buffer.concat([file.subarray(0, footerStart(file)), footer, closing]));
}

function footerStart(file: Uint8Array): number {
  return file.length - 8 - new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
}

/** Replace structs within structs and lists: `path` alternates field ids and, below a list, indices. */
export function edit(
  struct: ThriftStruct,
  path: readonly number[],
  change: (target: ThriftStruct) => ThriftStruct,
): ThriftStruct {
  if (path.length === 0) return change(struct);
  const [id, ...rest] = path;
  const field = struct.fields.find((candidate) => candidate.id === id)!;
  const value = fieldOf(struct, id)!;
  if (typeof value === 'object' && 'fields' in value) {
    return withFields(struct, { [id]: { ...field, value: edit(value, rest, change) } });
  }
  const list = value as { elementType: number; values: ThriftStruct[] };
  const [index, ...below] = rest;
  const values = list.values.map((element, i) => (i === index ? edit(element, below, change) : element));
  return withFields(struct, { [id]: { ...field, value: { ...list, values } } });
}

export function footerOf(file: Uint8Array, key = 'f.parquet'): ParquetFooter {
  return parseFooter(file.subarray(footerStart(file), file.length - 8), file.length, key);
}

export interface ReadColumn {
  values: (number | null)[];
  inexact: number;
  type: string;
}

/** All values of all numeric columns of a file in memory, null under nulls. */
export function readNumbers(file: Uint8Array, key = 'f.parquet'): Record<string, ReadColumn> {
  const { columns, leaves, rowGroups } = footerOf(file, key);
  const read: Record<string, ReadColumn> = {};
  for (const column of columns) {
    if (!column.numeric) continue;
    const entry: ReadColumn = { values: [], inexact: 0, type: column.typeName };
    read[column.name] = entry;
    for (const { rows, chunks } of rowGroups) {
      const chunk = chunks[column.leafStart];
      const bytes = file.subarray(chunk.start, chunk.end);
      const { values, valid, nulls, inexact } = decodeDoubles(
        column,
        leaves[column.leafStart],
        chunk,
        bytes,
        rows,
        key,
      );
      entry.inexact += inexact;
      const there = Array.from(valid, (isValid, row) => (isValid === 1 ? values[row] : null));
      entry.values.push(...there);
      const found = there.filter((value) => value === null).length;
      if (found !== nulls) throw new Error(`${column.name} must have ${nulls} nulls, got ${found}`);
    }
  }
  return read;
}

import { UnreadableInputError } from '../contract/errors.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ParquetFooter, RowGroup } from './footer-types.ts';
import { readRowGroup } from './row-group.ts';
import { readSchema } from './schema.ts';
import { fieldOf, readValue, type ThriftField, type ThriftStruct, type ThriftValue } from './thrift.ts';
import { readStructListSize, THRIFT, visitFields } from './thrift-reader.ts';
import { countOf, structsOf, textOf } from './thrift-values.ts';
import { encrypted, unreadable } from './unreadable.ts';

/** A footer rarely exceeds this, so one request reads it whole. */
const TAIL_BYTES = 64_000;
/** of FileMetaData */
const ROW_GROUPS = 4;
/** 4 bytes of footer length, 4 of magic */
const CLOSING_BYTES = 8;
const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';

/**
 * Read and check the footer of one object: one request, a second one only for a footer beyond 64 kB.
 *
 * @throws {UnreadableInputError} naming the object, what is wrong in it and what to do
 * @throws {InputChangedError} if the object is no longer the one with this ETag
 */
export async function readFooter(
  store: ObjectStore,
  key: string,
  etag: string,
  sizeBytes: number,
): Promise<ParquetFooter> {
  if (sizeBytes < MAGIC.length + CLOSING_BYTES) throw unreadable(key, `it has only ${sizeBytes} bytes`);
  const tailStart = Math.max(0, sizeBytes - TAIL_BYTES);
  const tail = await store.read(key, { start: tailStart, end: sizeBytes, etag });
  const closing = tail.subarray(tail.length - CLOSING_BYTES);
  const magic = latin1.decode(closing.subarray(4));
  if (magic === ENCRYPTED_MAGIC) throw encrypted(key);
  if (magic !== MAGIC) {
    const head = await store.read(key, { start: 0, end: MAGIC.length, etag });
    const isCut = latin1.decode(head) === MAGIC;
    throw unreadable(key, isCut ? 'it is cut short, its end is missing' : 'it does not end with PAR1');
  }
  const length = new DataView(closing.buffer, closing.byteOffset).getUint32(0, true);
  const start = sizeBytes - CLOSING_BYTES - length;
  if (start < MAGIC.length) {
    throw unreadable(key, `its footer says it is ${length} bytes long, the file has ${sizeBytes}`);
  }
  const bytes =
    start >= tailStart
      ? tail.subarray(start - tailStart, tail.length - CLOSING_BYTES)
      : await store.read(key, { start, end: sizeBytes - CLOSING_BYTES, etag });
  return parseFooter(bytes, sizeBytes, key);
}

/** Requests that {@link readFooter} makes for a footer of this size. */
export const footerRequests = (footerBytes: number): number => (footerBytes > TAIL_BYTES ? 2 : 1);

/**
 * Parse a footer's Thrift and check that what it says of the file can be true.
 *
 * @param bytes the FileMetaData struct, without the closing length and magic
 * @throws {UnreadableInputError} naming the object and what is wrong in it
 */
export function parseFooter(bytes: Uint8Array, objectSizeBytes: number, key: string): ParquetFooter {
  try {
    return interpret(readFile(bytes), bytes, objectSizeBytes, key);
  } catch (cause) {
    if (cause instanceof UnreadableInputError) throw cause;
    throw unreadable(key, `its footer is damaged: ${(cause as Error).message}`, cause);
  }
}

/** FileMetaData's fields but its row groups, and where these begin: they are most of it, and become no objects. */
function readFile(bytes: Uint8Array): { file: ThriftStruct; rowGroupsStart: number | undefined } {
  const reader = { bytes, offset: 0, depth: 0 };
  const fields: ThriftField[] = [];
  let rowGroupsStart: number | undefined;
  visitFields(reader, (id, type) => {
    if (id === ROW_GROUPS && type === THRIFT.LIST) {
      rowGroupsStart ??= reader.offset;
      return false;
    }
    fields.push({ id, type, value: readValue(reader, type) });
    return true;
  });
  return { file: { fields }, rowGroupsStart };
}

/** FileMetaData: 2 schema, 3 num_rows, 4 row_groups, 5 key_value_metadata, 7 column_orders, 8 encryption_algorithm */
function interpret(
  { file, rowGroupsStart }: ReturnType<typeof readFile>,
  bytes: Uint8Array,
  objectSizeBytes: number,
  key: string,
): ParquetFooter {
  const footerBytes = bytes.length + CLOSING_BYTES;
  if (fieldOf(file, 8) !== undefined) throw encrypted(key);
  const { root, columns, leaves } = readSchema(structsOf(fieldOf(file, 2), 'schema'));
  const rows = countOf(fieldOf(file, 3), 'num_rows');
  const hasColumnOrders = areTypeDefined(fieldOf(file, 7), leaves.length);
  const numericAt = new Map(columns.map(({ leafStart, numeric }) => [leafStart, numeric]));
  const context = {
    leaves,
    // statistics in an order that nobody defined say nothing
    numeric: leaves.map((_, leaf) => (hasColumnOrders && numericAt.get(leaf)) || null),
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    dataEnd: objectSizeBytes - footerBytes,
    key,
  };
  const rowGroups: RowGroup[] = [];
  let rowStart = 0;
  if (rowGroupsStart === undefined) throw new RangeError('row_groups must be a list of structs');
  const reader = { bytes, offset: rowGroupsStart, depth: 0 };
  const size = readStructListSize(reader, 'row_groups');
  for (let index = 0; index < size; index++) {
    const rowGroup = readRowGroup(reader, index, rowStart, context);
    rowStart += rowGroup.rows;
    rowGroups.push(rowGroup);
  }
  if (rowStart !== rows) throw unreadable(key, `its footer says ${rows} rows, its row groups hold ${rowStart}`);
  return {
    rows,
    rowGroups,
    columns,
    leaves,
    keyValues: readKeyValues(fieldOf(file, 5)),
    hasColumnOrders,
    schemaRoot: root,
    footerBytes,
  };
}

/** ColumnOrder is a union: 1 is the order that the type defines; others are not ours to compare by. */
function areTypeDefined(orders: ThriftValue | undefined, leaves: number): boolean {
  if (orders === undefined) return false;
  const structs = structsOf(orders, 'column_orders');
  return structs.length === leaves && structs.every(({ fields }) => fields[0]?.id === 1);
}

/** KeyValue: 1 key, 2 value */
function readKeyValues(list: ThriftValue | undefined): ParquetFooter['keyValues'] {
  if (list === undefined) return [];
  return structsOf(list, 'key_value_metadata').map((pair) => {
    const value = fieldOf(pair, 2);
    return { key: textOf(fieldOf(pair, 1), 'a key'), value: value === undefined ? null : textOf(value, 'its value') };
  });
}

const latin1 = new TextDecoder('latin1');

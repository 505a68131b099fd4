/**
 * A loss-less codec of the Thrift compact protocol: what is read and written again is the same bytes, unknown fields
 * included, as long as the writer used the shortest encodings (all known writers of Parquet do).
 *
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import {
  MAX_DEPTH,
  readByte,
  readBytes,
  readSize,
  readZigzag,
  THRIFT,
  type ThriftReader,
  visitFields,
} from './thrift-reader.ts';

export { THRIFT } from './thrift-reader.ts';

export interface ThriftField {
  id: number;
  type: number;
  value: ThriftValue;
}
export interface ThriftStruct {
  /** in the order of the file */
  fields: ThriftField[];
}
export interface ThriftList {
  elementType: number;
  values: ThriftValue[];
}
export interface ThriftMap {
  keyType: number;
  valueType: number;
  entries: [ThriftValue, ThriftValue][];
}
/** i8, i16 and i32 are numbers, i64 bigints, doubles their eight bytes, binary a view of the input. */
export type ThriftValue = boolean | number | bigint | Uint8Array | ThriftStruct | ThriftList | ThriftMap;

/**
 * Decode the struct that starts at `offset`.
 *
 * @returns the struct and the offset of the first byte after it
 * @throws {RangeError} if the bytes end early, nest too deep or hold an unknown type
 */
export function readStruct(bytes: Uint8Array, offset = 0): { struct: ThriftStruct; end: number } {
  const reader = { bytes, offset, depth: 0 };
  const struct = decodeStruct(reader);
  return { struct, end: reader.offset };
}

/** Decode one value of this type, where the reader stands. */
export function readValue(reader: ThriftReader, type: number): ThriftValue {
  return type === THRIFT.TRUE ? true : type === THRIFT.FALSE ? false : decodeValue(reader, type);
}

/** Encode a struct; the inverse of {@link readStruct}. */
export function writeStruct(struct: ThriftStruct): Uint8Array {
  const writer = { bytes: new Uint8Array(1024), length: 0 };
  encodeStruct(writer, struct);
  return writer.bytes.slice(0, writer.length);
}

/** The value of field `id`, or undefined where the struct does not have it. */
export function fieldOf(struct: ThriftStruct, id: number): ThriftValue | undefined {
  // a loop, not find: this runs a dozen times a column chunk, and footers of 100,000 chunks exist
  for (const field of struct.fields) if (field.id === id) return field.value;
  return undefined;
}

/** A copy of the struct with some fields replaced, added (in the order of ids) or, where undefined, left out. */
export function withFields(struct: ThriftStruct, changes: Record<number, ThriftField | undefined>): ThriftStruct {
  const kept = struct.fields.filter(({ id }) => !(id in changes));
  const added = Object.values(changes).filter((field) => field !== undefined);
  return { fields: [...kept, ...added].sort((a, b) => a.id - b.id) };
}

function decodeStruct(reader: ThriftReader): ThriftStruct {
  const fields: ThriftField[] = [];
  visitFields(reader, (id, type) => {
    fields.push({ id, type, value: readValue(reader, type) });
    return true;
  });
  return { fields };
}

function decodeValue(reader: ThriftReader, type: number): ThriftValue {
  switch (type) {
    // an element of a list of booleans is a byte of its own
    case THRIFT.TRUE:
    case THRIFT.FALSE:
      return readByte(reader) === THRIFT.TRUE;
    case THRIFT.I8:
      return (readByte(reader) << 24) >> 24;
    case THRIFT.I16:
    case THRIFT.I32:
      return Number(readZigzag(reader)) | 0;
    case THRIFT.I64:
      return BigInt.asIntN(64, BigInt(readZigzag(reader)));
    case THRIFT.DOUBLE:
      return readBytes(reader, 8);
    case THRIFT.BINARY:
      return readBytes(reader, readSize(reader, 1));
    case THRIFT.LIST:
    case THRIFT.SET: {
      const header = readByte(reader);
      const elementType = header & 15;
      const size = header >> 4 === 15 ? readSize(reader, 1) : header >> 4;
      if (++reader.depth > MAX_DEPTH) throw new RangeError(`thrift lists must nest at most ${MAX_DEPTH} deep`);
      const values: ThriftValue[] = [];
      for (let i = 0; i < size; i++) {
        values.push(elementType === THRIFT.STRUCT ? decodeStruct(reader) : decodeValue(reader, elementType));
      }
      reader.depth--;
      return { elementType, values };
    }
    case THRIFT.MAP: {
      const size = readSize(reader, 2);
      const types = size === 0 ? 0 : readByte(reader);
      const [keyType, valueType] = [types >> 4, types & 15];
      if (++reader.depth > MAX_DEPTH) throw new RangeError(`thrift maps must nest at most ${MAX_DEPTH} deep`);
      const entries: [ThriftValue, ThriftValue][] = [];
      for (let i = 0; i < size; i++) entries.push([decodeValue(reader, keyType), decodeValue(reader, valueType)]);
      reader.depth--;
      return { keyType, valueType, entries };
    }
    case THRIFT.STRUCT:
      return decodeStruct(reader);
    default:
      throw new RangeError(`thrift type must be 1..12, got ${type} at byte ${reader.offset}`);
  }
}

interface Writer {
  bytes: Uint8Array;
  length: number;
}

function encodeStruct(writer: Writer, { fields }: ThriftStruct): void {
  let last = 0;
  for (const { id, type, value } of fields) {
    const delta = id - last;
    if (delta > 0 && delta < 16) writeByte(writer, (delta << 4) | type);
    else {
      writeByte(writer, type);
      writeZigzag(writer, BigInt(id));
    }
    if (type !== THRIFT.TRUE && type !== THRIFT.FALSE) encodeValue(writer, type, value);
    last = id;
  }
  writeByte(writer, 0);
}

function encodeValue(writer: Writer, type: number, value: ThriftValue): void {
  switch (type) {
    case THRIFT.TRUE:
    case THRIFT.FALSE:
      return writeByte(writer, value ? THRIFT.TRUE : THRIFT.FALSE);
    case THRIFT.I8:
      return writeByte(writer, (value as number) & 255);
    case THRIFT.I16:
    case THRIFT.I32:
    case THRIFT.I64:
      return writeZigzag(writer, BigInt(value as number | bigint));
    case THRIFT.DOUBLE:
      return writeBytes(writer, value as Uint8Array);
    case THRIFT.BINARY:
      writeVarint(writer, BigInt((value as Uint8Array).length));
      return writeBytes(writer, value as Uint8Array);
    case THRIFT.LIST:
    case THRIFT.SET: {
      const { elementType, values } = value as ThriftList;
      writeByte(writer, (Math.min(values.length, 15) << 4) | elementType);
      if (values.length >= 15) writeVarint(writer, BigInt(values.length));
      for (const element of values) encodeValue(writer, elementType, element);
      return;
    }
    case THRIFT.MAP: {
      const { keyType, valueType, entries } = value as ThriftMap;
      writeVarint(writer, BigInt(entries.length));
      if (entries.length > 0) writeByte(writer, (keyType << 4) | valueType);
      for (const [key, entry] of entries) {
        encodeValue(writer, keyType, key);
        encodeValue(writer, valueType, entry);
      }
      return;
    }
    default:
      return encodeStruct(writer, value as ThriftStruct);
  }
}

function writeByte(writer: Writer, byte: number): void {
  reserve(writer, 1);
  writer.bytes[writer.length++] = byte;
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  reserve(writer, bytes.length);
  writer.bytes.set(bytes, writer.length);
  writer.length += bytes.length;
}

function writeZigzag(writer: Writer, value: bigint): void {
  writeVarint(writer, BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
}

function writeVarint(writer: Writer, value: bigint): void {
  let rest = value;
  for (; rest > 127n; rest >>= 7n) writeByte(writer, Number(rest & 127n) | 128);
  writeByte(writer, Number(rest));
}

function reserve(writer: Writer, length: number): void {
  if (writer.length + length <= writer.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * writer.bytes.length, writer.length + length));
  grown.set(writer.bytes.subarray(0, writer.length));
  writer.bytes = grown;
}

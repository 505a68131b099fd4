/** Type codes of the compact protocol; a boolean field carries its value in its code. */
export const THRIFT = {
  TRUE: 1,
  FALSE: 2,
  I8: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
} as const;

/** Deeper nesting than any Parquet footer has: a corrupt file must not exhaust the stack. */
export const MAX_DEPTH = 64;

/** A place in bytes. */
export interface ThriftReader {
  bytes: Uint8Array;
  offset: number;
  depth: number;
}

/**
 * Go through a struct's fields without making objects of them: a footer may have millions.
 *
 * @param visit consumes the field's value and answers true, or leaves it and answers false
 * @throws {RangeError} if the bytes end early, nest too deep or hold an unknown type
 */
export function visitFields(reader: ThriftReader, visit: (id: number, type: number) => boolean): void {
  if (++reader.depth > MAX_DEPTH) throw new RangeError(`thrift structs must nest at most ${MAX_DEPTH} deep`);
  let id = 0;
  for (;;) {
    const header = readByte(reader);
    if (header === 0) break;
    const type = header & 15;
    id = readFieldId(reader, header, id);
    if (!visit(id, type)) skip(reader, type);
  }
  reader.depth--;
}

/** The size of a list of structs, where the reader stands; its elements follow. */
export function readStructListSize(reader: ThriftReader, what: string): number {
  const { elementType, size } = readListHeader(reader);
  if (size > 0 && elementType !== THRIFT.STRUCT) throw new RangeError(`${what} must be a list of structs`);
  return size;
}

export function readListHeader(reader: ThriftReader): { elementType: number; size: number } {
  const header = readByte(reader);
  return { elementType: header & 15, size: header >> 4 === 15 ? readSize(reader, 1) : header >> 4 };
}

export function readFieldId(reader: ThriftReader, header: number, last: number): number {
  return header >> 4 === 0 ? Number(BigInt.asIntN(16, BigInt(readZigzag(reader)))) : last + (header >> 4);
}

/** An integer of any width; undefined, and nothing read, where the type is another. A long one may lose its last digits. */
export function readInteger(reader: ThriftReader, type: number): number | undefined {
  if (type < THRIFT.I8 || type > THRIFT.I64) return undefined;
  return type === THRIFT.I8 ? (readByte(reader) << 24) >> 24 : Number(readZigzag(reader));
}

function skip(reader: ThriftReader, type: number): void {
  switch (type) {
    case THRIFT.TRUE:
    case THRIFT.FALSE:
      return;
    case THRIFT.I16:
    case THRIFT.I32:
    case THRIFT.I64:
      while (readByte(reader) > 127);
      return;
    case THRIFT.BINARY: {
      // a size is checked against what is left
      const size = readSize(reader, 1);
      reader.offset += size;
      return;
    }
    case THRIFT.STRUCT:
      return visitFields(reader, () => false);
    default:
      return skipRare(reader, type);
  }
}

function skipRare(reader: ThriftReader, type: number): void {
  if (type === THRIFT.I8) return void readByte(reader);
  if (type === THRIFT.DOUBLE) return void readBytes(reader, 8);
  if (type !== THRIFT.LIST && type !== THRIFT.SET && type !== THRIFT.MAP) {
    throw new RangeError(`thrift type must be 1..12, got ${type} at byte ${reader.offset}`);
  }
  if (++reader.depth > MAX_DEPTH) throw new RangeError(`thrift lists must nest at most ${MAX_DEPTH} deep`);
  if (type === THRIFT.MAP) {
    const size = readSize(reader, 2);
    const types = size === 0 ? 0 : readByte(reader);
    for (let i = 0; i < size; i++) {
      skipElement(reader, types >> 4);
      skipElement(reader, types & 15);
    }
  } else {
    const { elementType, size } = readListHeader(reader);
    for (let i = 0; i < size; i++) skipElement(reader, elementType);
  }
  reader.depth--;
}

/** An element that is a boolean is a byte of its own. */
function skipElement(reader: ThriftReader, type: number): void {
  if (type === THRIFT.TRUE || type === THRIFT.FALSE) readByte(reader);
  else skip(reader, type);
}

export function readByte(reader: ThriftReader): number {
  if (reader.offset >= reader.bytes.length) throw new RangeError(`thrift must not end at byte ${reader.offset}`);
  return reader.bytes[reader.offset++];
}

export function readBytes(reader: ThriftReader, length: number): Uint8Array {
  const end = reader.offset + length;
  if (end > reader.bytes.length) throw new RangeError(`thrift must hold ${length} bytes at byte ${reader.offset}`);
  const bytes = reader.bytes.subarray(reader.offset, end);
  reader.offset = end;
  return bytes;
}

/** Sizes are checked against what is left, so a corrupt one cannot make us allocate. */
export function readSize(reader: ThriftReader, bytesPerElement: number): number {
  const size = Number(readVarint(reader));
  if (size * bytesPerElement > reader.bytes.length - reader.offset) {
    throw new RangeError(`thrift size must fit the ${reader.bytes.length - reader.offset} bytes left, got ${size}`);
  }
  return size;
}

/** An unsigned integer; a bigint only where a double could not hold it, because bigints are slow. */
function readVarint(reader: ThriftReader): number | bigint {
  let value = 0;
  let factor = 1;
  for (let i = 0; i < 7; i++, factor *= 128) {
    const byte = readByte(reader);
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  let large = BigInt(value);
  for (let shift = 49n; shift < 70n; shift += 7n) {
    const byte = readByte(reader);
    large |= BigInt(byte & 127) << shift;
    if (byte < 128) return large;
  }
  throw new RangeError(`thrift integer must have at most 10 bytes, at byte ${reader.offset}`);
}

export function readZigzag(reader: ThriftReader): number | bigint {
  const value = readVarint(reader);
  if (typeof value === 'bigint') return (value >> 1n) ^ -(value & 1n);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

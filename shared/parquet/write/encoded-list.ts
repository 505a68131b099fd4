import { THRIFT, type ThriftField, writeStruct } from '../thrift.ts';
import { structs } from '../thrift-fields.ts';

/**
 * Encode a struct that has, between other fields, a list of structs which are encoded already.
 *
 * The list's neighbours are encoded with an empty list in its place, so that the distances between field ids, which is
 * what the protocol writes, come out right.
 *
 * @param before fields whose ids are below `id`
 * @param elements the encoded structs, in order
 * @param after fields whose ids are above `id`
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md, "List and Set"
 */
export function writeWithEncodedList(
  before: ThriftField[],
  id: number,
  elements: readonly Uint8Array[],
  after: ThriftField[],
): Uint8Array {
  const empty = structs(id, []);
  // an empty list ends with its one byte of type and size, a struct with one byte 0
  const head = writeStruct({ fields: [...before, empty] }).subarray(0, -2);
  const alone = writeStruct({ fields: [empty] });
  const tail = writeStruct({ fields: [empty, ...after] }).subarray(alone.length - 1);
  const pieces = [head, listHeader(elements.length), ...elements, tail];
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Up to 14 elements beside the type in one byte, more as a varint after it. */
function listHeader(size: number): Uint8Array {
  if (size < 15) return Uint8Array.of((size << 4) | THRIFT.STRUCT);
  const varint: number[] = [];
  let rest = size;
  for (; rest > 127; rest >>>= 7) varint.push((rest & 127) | 128);
  return Uint8Array.of(0xf0 | THRIFT.STRUCT, ...varint, rest);
}

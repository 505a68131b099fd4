/** Elements of a block that are let pass whatever their length. */
const FEW_ELEMENTS = 64;
/** Bytes of an element, on average, below which the loop here is slower than the decoder. */
const LONG_ELEMENT = 256;

/**
 * Decompress a snappy block that is mostly literals, as one of continuous values is: its first bytes are a short head,
 * the rest goes where it is wanted.
 *
 * @param block the whole of it
 * @param target for exactly what follows the head
 * @param headLength of the head, which must lie in the block's first literal
 * @returns the head, or undefined where the block is not of this form, or broken; the target is of no use then
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function inflateLiterals(block: Uint8Array, target: Uint8Array, headLength: number): Uint8Array | undefined {
  const length = readVarint(block);
  if (length?.value !== headLength + target.length) return undefined;
  let at = length.end;
  // in the target; the head is before it
  let to = -headLength;
  let head = block.subarray(0, 0);
  for (let elements = 0; at < block.length; elements++) {
    if (elements > FEW_ELEMENTS + to / LONG_ELEMENT) return undefined;
    const { kind, count, offset, end } = readTag(block, at);
    if (!(end <= block.length && to + count <= target.length)) return undefined;
    at = end;
    if (kind === LITERAL) {
      at += count;
      if (at > block.length) return undefined;
      const literal = block.subarray(end, at);
      if (to >= 0) target.set(literal, to);
      else if (count < headLength) return undefined;
      else {
        head = literal.subarray(0, headLength);
        target.set(literal.subarray(headLength));
      }
    } else if (offset > 0 && offset <= to) {
      // it may reach into what it makes
      for (let i = to; i < to + count; i++) target[i] = target[i - offset];
    } else return undefined;
    to += count;
  }
  return to === target.length ? head : undefined;
}

const LITERAL = 0;

/** An element's tag; beyond the end of the block its numbers are not numbers, or its end is. */
function readTag(block: Uint8Array, at: number): { kind: number; count: number; offset: number; end: number } {
  const kind = block[at] & 3;
  const high = block[at] >>> 2;
  if (kind === LITERAL) {
    const bytes = Math.max(0, high - 59);
    return { kind, count: (bytes > 0 ? littleEndian(block, at + 1, bytes) : high) + 1, offset: 0, end: at + 1 + bytes };
  }
  if (kind === 1) return { kind, count: (high & 7) + 4, offset: ((high >>> 3) << 8) | block[at + 1], end: at + 2 };
  const bytes = kind === 2 ? 2 : 4;
  return { kind, count: high + 1, offset: littleEndian(block, at + 1, bytes), end: at + 1 + bytes };
}

function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value += bytes[at + i] * 2 ** (8 * i);
  return value;
}

/** At most five bytes, seven bits each, least significant first. */
function readVarint(bytes: Uint8Array): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = 0; at < Math.min(5, bytes.length); at++) {
    value += (bytes[at] & 127) * 2 ** (7 * at);
    if (bytes[at] < 128) return { value, end: at + 1 };
  }
  return undefined;
}

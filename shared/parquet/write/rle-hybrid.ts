/**
 * A run of one value in the hybrid of run lengths and bit packing: its length shifted by one as a varint, then the
 * value's byte.
 *
 * @param value 0..255, below 2^(bit width)
 * @see Apache Parquet format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"
 */
export function run(value: number, length: number): Uint8Array {
  return Uint8Array.of(...varint(length * 2), value);
}

/** Values copied at a time to where they can be read four at once: a multiple of 32, which fill whole words. */
const BLOCK = 8192;
const block = new Uint8Array(BLOCK);
const blockWords = new Int32Array(block.buffer);

/** Bytes that {@link bitPacked} needs in its target. */
export const packedCapacity = (length: number, bitWidth: number) => Math.ceil(length / 32) * 4 * bitWidth;

/**
 * One bit-packed run of all values: groups of eight, least significant bit first, the last group filled with zeros.
 *
 * @param values whole numbers below 2^bitWidth; one a row
 * @param bitWidth 1..8
 * @param target {@link packedCapacity} bytes for the groups, at a multiple of four of their buffer
 * @returns the header, and the groups as a view of the target
 */
export function bitPacked(
  values: Uint8Array,
  bitWidth: number,
  target = new Uint8Array(packedCapacity(values.length, bitWidth)),
): [header: Uint8Array, groups: Uint8Array] {
  const groups = Math.ceil(values.length / 8);
  const words = new Int32Array(target.buffer, target.byteOffset, packedCapacity(values.length, bitWidth) / 4);
  for (let start = 0, at = 0; start < values.length; start += BLOCK) {
    const some = values.subarray(start, start + BLOCK);
    const end = Math.ceil(some.length / 32) * 32;
    block.set(some);
    block.fill(0, some.length, end);
    at = packWords(end / 4, bitWidth, words, at);
  }
  return [Uint8Array.of(...varint(groups * 2 + 1)), target.subarray(0, groups * bitWidth)];
}

/** Four values are brought together in one word, and these words one after the other into those of the target. */
function packWords(count: number, bitWidth: number, target: Int32Array, start: number): number {
  const shift = 8 - bitWidth;
  const second = 0xff << bitWidth;
  const third = 0xff << (2 * bitWidth);
  const fourth = 0xff << (3 * bitWidth);
  const width = 4 * bitWidth;
  let at = start;
  let gathered = 0;
  let bits = 0;
  for (let i = 0; i < count; i++) {
    const four = blockWords[i];
    const packed =
      (four & 0xff) |
      ((four >>> shift) & second) |
      ((four >>> (2 * shift)) & third) |
      ((four >>> (3 * shift)) & fourth);
    gathered |= packed << bits;
    bits += width;
    if (bits < 32) continue;
    target[at++] = gathered;
    bits -= 32;
    // a shift by 32 would be one by 0
    gathered = bits === 0 ? 0 : packed >>> (width - bits);
  }
  return at;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

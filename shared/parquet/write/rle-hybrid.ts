import { packInto } from './page-loops.ts';

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

/** Bytes that {@link bitPacked} needs in its target. */
export const packedCapacity = (length: number, bitWidth: number) => Math.ceil(length / 8) * bitWidth;

/**
 * One bit-packed run of all values: groups of eight, least significant bit first, the last group filled with zeros.
 *
 * @param values whole numbers, one a row
 * @param bitWidth 1..8
 * @param target {@link packedCapacity} bytes for the groups
 * @param places what is packed in place of each value; left out: the values themselves, which are below 2^bitWidth
 * @returns the header, and the groups as a view of the target
 */
export function bitPacked(
  values: Uint8Array,
  bitWidth: number,
  target = new Uint8Array(packedCapacity(values.length, bitWidth)),
  places?: Uint8Array,
): [header: Uint8Array, groups: Uint8Array] {
  const groups = Math.ceil(values.length / 8);
  packInto(target, values, bitWidth, places);
  return [Uint8Array.of(...varint(groups * 2 + 1)), target.subarray(0, groups * bitWidth)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

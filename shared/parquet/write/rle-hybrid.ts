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

/**
 * One bit-packed run of all values: groups of eight, least significant bit first, the last group filled with zeros.
 *
 * @param values whole numbers below 2^bitWidth; one a row
 * @param bitWidth 1..8
 */
export function bitPacked(values: Uint8Array, bitWidth: number): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const header = varint(groups * 2 + 1);
  const bytes = new Uint8Array(header.length + groups * bitWidth);
  bytes.set(header);
  const whole = values.length >> 3;
  packGroups(values, whole, bitWidth, bytes, header.length);
  if (whole < groups) {
    const last = new Uint8Array(8);
    last.set(values.subarray(whole * 8));
    packGroups(last, 1, bitWidth, bytes, header.length + whole * bitWidth);
  }
  return bytes;
}

/** Eight values are four in one 32-bit number and four in another, then one after the other in `bitWidth` bytes. */
function packGroups(values: Uint8Array, groups: number, bitWidth: number, bytes: Uint8Array, start: number): void {
  const [w, w2, w3, half] = [bitWidth, 2 * bitWidth, 3 * bitWidth, 4 * bitWidth];
  let at = start;
  for (let group = 0, i = 0; group < groups; group++, i += 8) {
    const low = values[i] | (values[i + 1] << w) | (values[i + 2] << w2) | (values[i + 3] << w3);
    const high = values[i + 4] | (values[i + 5] << w) | (values[i + 6] << w2) | (values[i + 7] << w3);
    // a shift by 32 would be one by 0
    const first = half === 32 ? low : low | (high << half);
    bytes[at++] = first;
    if (w === 1) continue;
    bytes[at++] = first >>> 8;
    if (w === 2) continue;
    bytes[at++] = first >>> 16;
    if (w === 3) continue;
    bytes[at++] = first >>> 24;
    if (w === 4) continue;
    const second = half === 32 ? high : high >>> (32 - half);
    for (let byte = 4; byte < w; byte++) bytes[at++] = second >>> (8 * byte - 32);
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

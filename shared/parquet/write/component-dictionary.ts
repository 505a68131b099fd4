/** Added to a signed byte, makes it an index. */
export const SMALLEST_CODE = 128;

/** Of each byte of a word: its highest bit. */
const HIGHEST_BITS = 0x80808080;

/** The codes that occur in a chunk. */
export interface ComponentDictionary {
  /** ascending */
  entries: Int32Array<ArrayBuffer>;
  /** by code + 128: its place among the entries */
  places: Uint8Array;
  /** whether every code is its own place */
  isIdentity: boolean;
}

/**
 * The codes that occur.
 *
 * Components are numbered by falling weight. So once 0..n-1 have been seen, four codes at a time are looked at together,
 * and one by one only where another is among them.
 */
export function componentDictionary(codes: Int8Array): ComponentDictionary {
  const occurs = new Uint8Array(256);
  const isAligned = codes.byteOffset % 4 === 0;
  const words = new Int32Array(codes.buffer, isAligned ? codes.byteOffset : 0, isAligned ? codes.length >> 2 : 0);
  let seen = 0;
  // what lifts a byte of n or more to 128 or more; a negative one is there already
  let lift = HIGHEST_BITS;
  for (let i = 0; i < words.length; i++) {
    const four = words[i];
    if ((((four + lift) | four) & HIGHEST_BITS) === 0) continue;
    for (let at = 4 * i; at < 4 * i + 4; at++) occurs[codes[at] + SMALLEST_CODE] = 1;
    while (occurs[SMALLEST_CODE + seen] === 1) seen++;
    lift = Math.imul(SMALLEST_CODE - seen, 0x01010101);
  }
  for (let at = 4 * words.length; at < codes.length; at++) occurs[codes[at] + SMALLEST_CODE] = 1;
  const places = new Uint8Array(256);
  const entries: number[] = [];
  for (const [index, is] of occurs.entries()) if (is === 1) places[index] = entries.push(index - SMALLEST_CODE) - 1;
  return { entries: Int32Array.from(entries), places, isIdentity: entries.every((code, place) => code === place) };
}

import { occurring } from './page-loops.ts';

/** The codes that occur in a chunk. */
export interface ComponentDictionary {
  /** ascending */
  entries: Int32Array<ArrayBuffer>;
  /** by the byte of a code: its place among the entries */
  places: Uint8Array;
  /** whether every code is its own place */
  isIdentity: boolean;
}

/** The codes that occur. */
export function componentDictionary(codes: Int8Array): ComponentDictionary {
  const occurs = occurring(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength));
  const places = new Uint8Array(256);
  const entries: number[] = [];
  for (let code = -128; code < 128; code++) {
    const byte = code & 0xff;
    if (occurs[byte] === 1) places[byte] = entries.push(code) - 1;
  }
  return { entries: Int32Array.from(entries), places, isIdentity: entries.every((code, place) => code === place) };
}

import { createHash } from 'node:crypto';

/** What makes the draws of one column in one object differ from all others'. */
export interface DrawKeys {
  k0: number;
  k1: number;
}

/**
 * The keys of a column's draws in one object.
 *
 * @param key of the object, relative to the dataset root
 * @returns the first 8 bytes, little-endian, of SHA-256(seed as decimal, 0x00, column name, 0x00, key)
 */
export function drawKeys(seed: number, column: string, key: string): DrawKeys {
  const digest = createHash('sha256').update(`${seed}\0${column}\0${key}`, 'utf8').digest();
  return { k0: digest.readUInt32LE(0), k1: digest.readUInt32LE(4) };
}

/**
 * The uniform number of one row: a function of its keys and its row number alone, so partitioning, order, retries and
 * threads cannot change it.
 *
 * Two rounds of the hash with the second key in between: with one round, two columns would see shifted copies of one
 * stream.
 *
 * @param row index in its object from 0, nulls counted, below 2^53
 * @returns in [0, 1), a multiple of 2^-32
 */
export function uniform(k0: number, k1: number, row: number): number {
  return (rowWord(k0, laterKey(k1, row), row >>> 0) >>> 0) / 4294967296;
}

/** The second key for all rows that have the same row / 2^32, rounded down. */
export function laterKey(k1: number, row: number): number {
  return (Math.imul(Math.floor(row / 4294967296), 0x9e3779b9) + k1) | 0;
}

/**
 * The 32 bits of a row's uniform number, as a signed integer.
 *
 * @param later {@link laterKey} of the row
 * @param low row mod 2^32
 */
export function rowWord(k0: number, later: number, low: number): number {
  return mix((mix((low + k0) | 0) + later) | 0);
}

/** A bijection of 32-bit words whose every output bit depends on every input bit. */
function mix(word: number): number {
  let h = word | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x21f0aaad);
  h ^= h >>> 15;
  h = Math.imul(h, 0xd35a2d97);
  h ^= h >>> 15;
  return h;
}

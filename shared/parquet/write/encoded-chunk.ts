import type { PhysicalType } from '../footer-types.ts';

/** Encodings by their number in the format. */
export const ENCODING = { PLAIN: 0, RLE: 3, RLE_DICTIONARY: 8 } as const;

/** A column chunk made here: whole pages, uncompressed, and what the footer has to say of them. */
export interface EncodedChunk {
  physicalType: PhysicalType;
  /** the bytes of its pages in order, headers included, in pieces; the dictionary page, if any, first */
  pieces: Uint8Array[];
  /** length of the dictionary page, header included; 0 for none */
  dictionaryPageBytes: number;
  numValues: number;
  encodings: number[];
  nullCount: number;
  /** PLAIN-encoded extremes; null where every value is null */
  minimum: Uint8Array | null;
  maximum: Uint8Array | null;
}

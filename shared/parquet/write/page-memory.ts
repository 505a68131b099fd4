/** Memory handed out piece by piece, fresh where it does not suffice; touching fresh memory costs more than filling it. */
export class PageMemory {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;

  /** @param bytes used for whatever fits there */
  constructor(bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)) {
    this.#bytes = bytes;
  }

  /** So many bytes, whatever they held before; they begin at a multiple of eight of their buffer. */
  take(length: number): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    const start = Math.ceil((byteOffset + this.#used) / 8) * 8 - byteOffset;
    if (start + length > byteLength) return new Uint8Array(length);
    this.#used = start + length;
    return new Uint8Array(buffer, byteOffset + start, length);
  }
}

import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectWriter, WriteOutcome } from '../../shared/store/object-store.ts';
import { writeError } from './local-errors.ts';
import { etagOf } from './local-etag.ts';
import { makeFolder, publish, unlinkIfThere } from './local-publish.ts';
import { temporaryName } from './local-temporaries.ts';

/** Pieces are gathered up to this many bytes: each write to the file is a system call on another thread. */
const BUFFER_BYTES = 8 << 20;

/** Buffers of writers that are done, for the next ones: two in turn. */
const spareBuffers: Uint8Array[] = [];
const MOST_SPARES = 2;

function giveBack(buffer: Uint8Array | undefined): void {
  if (buffer && spareBuffers.length < MOST_SPARES) spareBuffers.push(buffer);
}

/**
 * Writes a temporary in the folder of its final name, which it gets, whole and synced, on `close`.
 *
 * Two buffers in turn: while one is on its way to the file, the other is filled.
 */
export class LocalWriter implements ObjectWriter {
  readonly #path: string;
  readonly #temporary: string;
  #handle: FileHandle | undefined;
  #buffer: Uint8Array | undefined;
  #spare: Uint8Array | undefined;
  #buffered = 0;
  #inFlight: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  private constructor(path: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /**
   * @param path the final name
   * @throws {StoreRefusedError} if no file can be created there
   */
  static async open(path: string): Promise<LocalWriter> {
    const temporary = join(dirname(path), temporaryName());
    try {
      await makeFolder(dirname(path));
      return new LocalWriter(path, temporary, await open(temporary, 'wx'));
    } catch (error) {
      throw writeError(error, path);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#orAbort(async (handle) => {
      for (let at = 0; at < bytes.byteLength; ) {
        this.#buffer ??= spareBuffers.pop() ?? new Uint8Array(BUFFER_BYTES);
        const piece = bytes.subarray(at, at + BUFFER_BYTES - this.#buffered);
        this.#buffer.set(piece, this.#buffered);
        this.#buffered += piece.byteLength;
        at += piece.byteLength;
        if (this.#buffered === BUFFER_BYTES) await this.#startFlush(handle);
      }
    });
  }

  async close(): Promise<WriteOutcome> {
    return this.#orAbort(async (handle) => {
      await this.#startFlush(handle);
      await this.#settle();
      this.#giveBackBuffers();
      await handle.sync();
      const etag = etagOf(await handle.stat({ bigint: true }));
      this.#handle = undefined;
      await handle.close();
      return (await publish(this.#temporary, this.#path)) ? { status: 'written', etag } : { status: 'exists' };
    });
  }

  async abort(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await this.#inFlight;
    this.#giveBackBuffers();
    try {
      await handle?.close();
    } catch {
      // the bytes are given up anyway
    }
    unlinkIfThere(this.#temporary);
  }

  /** Once nothing is on its way. */
  #giveBackBuffers(): void {
    giveBack(this.#buffer);
    giveBack(this.#spare);
    this.#buffer = undefined;
    this.#spare = undefined;
  }

  /** Send what is gathered on its way, once what was sent before has arrived. */
  async #startFlush(handle: FileHandle): Promise<void> {
    const buffer = this.#buffer;
    await this.#settle();
    if (!buffer || this.#buffered === 0) return;
    const gathered = buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#buffer = this.#spare;
    this.#spare = buffer;
    this.#inFlight = writeAll(handle, gathered).catch((error: unknown) => {
      this.#failure = { error };
    });
  }

  /** @throws what the write on its way has failed with */
  async #settle(): Promise<void> {
    await this.#inFlight;
    if (this.#failure) throw this.#failure.error;
  }

  /** A failed step leaves nothing behind, and no later one may make a part of the object visible. */
  async #orAbort<T>(step: (handle: FileHandle) => Promise<T>): Promise<T> {
    if (!this.#handle) throw new Error(`the writer of ${this.#path} must be open`);
    try {
      return await step(this.#handle);
    } catch (error) {
      await this.abort().catch(() => undefined);
      throw writeError(error, this.#path);
    }
  }
}

/** write(2) may take fewer bytes than it is given: a disk that fills up says so only on the next call. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.byteLength - at);
    at += bytesWritten;
  }
}

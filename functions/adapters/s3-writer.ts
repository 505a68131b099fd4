import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { StoreUnavailableError } from '../../shared/contract/errors.ts';
import type { ObjectStore, ObjectWriter, WriteOutcome } from '../../shared/store/object-store.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isConflict, isPreconditionFailed, nameOf, s3Error, unquoted } from './s3-errors.ts';

/** Parts of one object on their way at a time: with the one being filled, the memory of a writer. */
const PARTS_IN_FLIGHT = 4;

/** Uploads part by part; an object smaller than one part is put whole. */
export class S3Writer implements ObjectWriter {
  readonly #bucket: S3Bucket;
  readonly #key: string;
  readonly #store: Pick<ObjectStore, 'head' | 'write'>;
  #isOpen = true;
  #buffer: Uint8Array | undefined;
  #buffered = 0;
  /** of parts that have arrived: the next ones are gathered in them */
  readonly #spares: Uint8Array[] = [];
  #uploadId: string | undefined;
  readonly #etags: string[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(bucket: S3Bucket, key: string, store: Pick<ObjectStore, 'head' | 'write'>) {
    this.#bucket = bucket;
    this.#key = key;
    this.#store = store;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#orAbort(async () => {
      for (let at = 0; at < bytes.byteLength; ) {
        this.#buffer ??= this.#spares.pop() ?? new Uint8Array(this.#bucket.partBytes);
        const piece = bytes.subarray(at, at + this.#buffer.byteLength - this.#buffered);
        this.#buffer.set(piece, this.#buffered);
        this.#buffered += piece.byteLength;
        at += piece.byteLength;
        if (this.#buffered === this.#buffer.byteLength) await this.#startPart();
      }
    });
  }

  async close(): Promise<WriteOutcome> {
    return this.#orAbort(async () => {
      const outcome = await (this.#uploadId === undefined ? this.#putWhole() : this.#complete());
      if (outcome.status === 'exists') await this.abort();
      this.#isOpen = false;
      return outcome;
    });
  }

  async abort(): Promise<void> {
    this.#isOpen = false;
    this.#buffer = undefined;
    this.#spares.length = 0;
    const uploadId = this.#uploadId;
    this.#uploadId = undefined;
    await Promise.allSettled(this.#inFlight);
    if (uploadId === undefined) return;
    try {
      const command = new AbortMultipartUploadCommand({ ...this.#target(), UploadId: uploadId });
      await this.#bucket.request(() => this.#bucket.client.send(command));
    } catch {
      // parts without an object are invisible; the bucket's lifecycle rule removes what could not be removed here
    }
  }

  #putWhole(): Promise<WriteOutcome> {
    const bytes = this.#buffer?.subarray(0, this.#buffered) ?? new Uint8Array(0);
    return this.#store.write(this.#key, bytes);
  }

  /** Send the part that is full; wait only where too many are on their way. */
  async #startPart(): Promise<void> {
    const buffer = this.#buffer;
    const body = buffer?.subarray(0, this.#buffered);
    this.#buffer = undefined;
    this.#buffered = 0;
    this.#uploadId ??= await this.#create();
    while (this.#inFlight.size >= PARTS_IN_FLIGHT) await Promise.race(this.#inFlight);
    if (this.#failure) throw this.#failure.error;
    const number = this.#etags.push('');
    const part = this.#uploadPart(number, body)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#inFlight.delete(part);
        if (buffer) this.#spares.push(buffer);
      });
    this.#inFlight.add(part);
  }

  async #create(): Promise<string> {
    const command = new CreateMultipartUploadCommand(this.#target());
    const { UploadId } = await this.#bucket.request(() => this.#bucket.client.send(command));
    if (UploadId === undefined) throw new StoreUnavailableError(`${this.#bucket.url(this.#key)} got no upload id`);
    return UploadId;
  }

  async #uploadPart(number: number, body: Uint8Array | undefined): Promise<void> {
    const input = { ...this.#target(), UploadId: this.#uploadId, PartNumber: number, Body: body };
    const command = new UploadPartCommand(input);
    const { ETag = '' } = await this.#bucket.request(() => this.#bucket.client.send(command));
    this.#etags[number - 1] = ETag;
  }

  async #complete(): Promise<WriteOutcome> {
    if (this.#buffered > 0) await this.#startPart();
    await Promise.all(this.#inFlight);
    if (this.#failure) throw this.#failure.error;
    const Parts = this.#etags.map((ETag, i) => ({ ETag, PartNumber: i + 1 }));
    const input = { ...this.#target(), UploadId: this.#uploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' };
    const command = new CompleteMultipartUploadCommand(input);
    try {
      const { ETag } = await this.#bucket.request(() => this.#bucket.client.send(command));
      this.#uploadId = undefined;
      return { status: 'written', etag: unquoted(ETag) };
    } catch (error) {
      if (isPreconditionFailed(error)) return { status: 'exists' };
      // S3 dropped the parts, or an answer was lost and the request was repeated: only the key can tell
      if (isConflict(error) || nameOf(error) === 'NoSuchUpload') return this.#outcomeByHead(error);
      throw error;
    }
  }

  async #outcomeByHead(cause: unknown): Promise<WriteOutcome> {
    if (await this.#store.head(this.#key)) return { status: 'exists' };
    throw new StoreUnavailableError(
      `${this.#bucket.url(this.#key)} must be uploaded again: another write was in hand`,
      {
        cause,
      },
    );
  }

  #target() {
    return { Bucket: this.#bucket.name, Key: this.#bucket.fullKey(this.#key) };
  }

  /** A failed step gives the upload up, and no later one may make a part of the object visible. */
  async #orAbort<T>(step: () => Promise<T>): Promise<T> {
    if (!this.#isOpen) throw new Error(`the writer of ${this.#key} must be open`);
    try {
      return await step();
    } catch (error) {
      await this.abort();
      throw s3Error(error, this.#bucket.url(this.#key), 'written');
    }
  }
}

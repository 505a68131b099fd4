import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { InputChangedError } from '../../shared/contract/errors.ts';
import type {
  ObjectHead,
  ObjectStore,
  ObjectWriter,
  ReadRange,
  WriteOutcome,
} from '../../shared/store/object-store.ts';
import { S3Bucket, type S3StoreOptions } from './s3-bucket.ts';
import { BrokenBodyError, isPreconditionFailed, nameOf, s3Error, statusOf, unquoted } from './s3-errors.ts';
import { S3Writer } from './s3-writer.ts';
import { beyondEnd, changedMessage, goneMessage, requireKey, requirePrefix, requireRange } from './store-key.ts';

/**
 * A bucket, or what lies below a prefix of it, as an object store. Keys are as S3 gives them, in no Unicode form but
 * their own: another form is another object there. ETags are without their quotes.
 */
export class S3Store implements ObjectStore {
  readonly #bucket: S3Bucket;

  constructor(options: S3StoreOptions) {
    this.#bucket = new S3Bucket(options);
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    requireKey(key);
    const command = new HeadObjectCommand(this.#target(key));
    try {
      const { ETag, ContentLength } = await this.#bucket.request(() => this.#bucket.client.send(command));
      return { key, etag: unquoted(ETag), sizeBytes: ContentLength ?? 0 };
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return undefined;
      throw s3Error(error, this.#bucket.url(key), 'read');
    }
  }

  async *list(prefix: string): AsyncIterable<ObjectHead> {
    requirePrefix(prefix);
    let token: string | undefined;
    do {
      const page = await this.#listPage(prefix, token);
      for (const { Key = '', ETag, Size = 0 } of page.Contents ?? []) {
        const fullKey = page.EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key;
        yield { key: this.#bucket.relativeKey(fullKey), etag: unquoted(ETag), sizeBytes: Size };
      }
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async read(key: string, range?: ReadRange): Promise<Uint8Array> {
    requireKey(key);
    if (range) requireRange(key, range);
    // HTTP has no empty range
    if (range && range.start === range.end) return this.#readNothing(key, range);
    try {
      return await this.#bucket.repeated(() => this.#get(key, range));
    } catch (error) {
      if (isPreconditionFailed(error)) throw new InputChangedError(changedMessage(key), { cause: error });
      if (statusOf(error) === 416 && range) throw await this.#beyondEnd(key, range.end);
      if (nameOf(error) === 'NoSuchKey') throw new InputChangedError(goneMessage(key), { cause: error });
      throw s3Error(error, this.#bucket.url(key), 'read');
    }
  }

  async write(key: string, bytes: Uint8Array): Promise<WriteOutcome> {
    requireKey(key);
    const command = new PutObjectCommand({ ...this.#target(key), Body: bytes, IfNoneMatch: '*' });
    try {
      const { ETag } = await this.#bucket.repeated(() => this.#bucket.client.send(command));
      return { status: 'written', etag: unquoted(ETag) };
    } catch (error) {
      if (isPreconditionFailed(error)) return { status: 'exists' };
      throw s3Error(error, this.#bucket.url(key), 'written');
    }
  }

  async openWrite(key: string): Promise<ObjectWriter> {
    requireKey(key);
    return new S3Writer(this.#bucket, key, this);
  }

  async remove(key: string): Promise<void> {
    requireKey(key);
    const command = new DeleteObjectCommand(this.#target(key));
    try {
      await this.#bucket.request(() => this.#bucket.client.send(command));
    } catch (error) {
      if (nameOf(error) !== 'NoSuchKey') throw s3Error(error, this.#bucket.url(key), 'written');
    }
  }

  #target(key: string) {
    return { Bucket: this.#bucket.name, Key: this.#bucket.fullKey(key) };
  }

  async #listPage(prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket.name,
      Prefix: this.#bucket.fullKey(prefix),
      ContinuationToken: token,
      // XML cannot hold every character that a key may
      EncodingType: 'url',
    });
    try {
      return await this.#bucket.request(() => this.#bucket.client.send(command));
    } catch (error) {
      throw s3Error(error, this.#bucket.url(prefix), 'read');
    }
  }

  async #get(key: string, range?: ReadRange): Promise<Uint8Array> {
    const answer = await this.#bucket.client.send(
      new GetObjectCommand({
        ...this.#target(key),
        Range: range && `bytes=${range.start}-${range.end - 1}`,
        IfMatch: range?.etag && `"${range.etag}"`,
      }),
    );
    const sizeBytes = sizeOf(answer);
    if (range && range.end > sizeBytes) throw beyondEnd(key, range.end, sizeBytes);
    const expected = range ? range.end - range.start : sizeBytes;
    const bytes = await answer.Body?.transformToByteArray().catch((cause: Error) => {
      throw new BrokenBodyError(`${this.#bucket.url(key)} broke off: ${cause.message}`, { cause });
    });
    if (bytes?.byteLength !== expected) {
      throw new BrokenBodyError(
        `${this.#bucket.url(key)} must answer ${expected} bytes, got ${bytes?.byteLength ?? 0}`,
      );
    }
    return bytes;
  }

  async #readNothing(key: string, { end, etag }: ReadRange): Promise<Uint8Array> {
    const head = await this.head(key);
    if (!head) throw new InputChangedError(goneMessage(key));
    if (etag !== undefined && etag !== head.etag) throw new InputChangedError(changedMessage(key));
    if (end > head.sizeBytes) throw beyondEnd(key, end, head.sizeBytes);
    return new Uint8Array(0);
  }

  async #beyondEnd(key: string, end: number): Promise<Error> {
    const head = await this.head(key);
    return head ? beyondEnd(key, end, head.sizeBytes) : new InputChangedError(goneMessage(key));
  }
}

/** Of the whole object: a range's answer says it after the slash. */
function sizeOf({ ContentRange, ContentLength = 0 }: { ContentRange?: string; ContentLength?: number }): number {
  return ContentRange ? Number(ContentRange.split('/')[1]) : ContentLength;
}

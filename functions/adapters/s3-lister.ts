import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { StoreUnavailableError } from '../../shared/contract/errors.ts';
import type { ObjectHead } from '../../shared/store/object-store.ts';
import { s3Error, unquoted } from './s3-errors.ts';

/** Listings of a bucket with S3's own times. */
export class S3Lister {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Pages of what is below a prefix, of one folder or of all; `now` is the Date of S3's answer. */
  async *pages(prefix: string, { folder = false } = {}) {
    let token: string | undefined;
    do {
      const { now, answer } = await this.#page(prefix, folder, token);
      const { Contents = [], EncodingType, IsTruncated, NextContinuationToken } = answer;
      const objects: (ObjectHead & { modified: number })[] = Contents.map(
        ({ Key = '', ETag, Size = 0, LastModified }) => ({
          key: EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key,
          etag: unquoted(ETag),
          sizeBytes: Size,
          modified: LastModified?.getTime() ?? now,
        }),
      );
      yield { now, objects };
      token = IsTruncated ? NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async #page(prefix: string, folder: boolean, token: string | undefined) {
    const what = `s3://${this.#bucket}/${prefix}`;
    let date: string | undefined;
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: prefix,
      Delimiter: folder ? '/' : undefined,
      ContinuationToken: token,
      // XML cannot hold every character that a key may
      EncodingType: 'url',
    });
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        date = (result.response as { headers?: Record<string, string> }).headers?.date;
        return result;
      },
      { step: 'deserialize', name: 'readDate' },
    );
    try {
      const answer = await this.#client.send(command);
      const now = Date.parse(date ?? '');
      if (Number.isNaN(now)) throw new StoreUnavailableError(`${what} must be listed with a Date, got ${date}`);
      return { now, answer };
    } catch (error) {
      throw s3Error(error, what, 'read');
    }
  }
}

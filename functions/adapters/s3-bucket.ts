import type { S3Client } from '@aws-sdk/client-s3';
import pLimit, { type LimitFunction } from 'p-limit';
import { LIMITS } from '../../shared/contract/limits.ts';
import { DEFAULT_RETRY, type RetryPolicy, withRetries } from './retry.ts';
import { BrokenBodyError, isConflict } from './s3-errors.ts';

export interface S3StoreOptions {
  client: S3Client;
  bucket: string;
  /** '' or ending in '/': what the store's keys are relative to */
  prefix?: string;
  /** over all operations of the store; default 32 */
  maxConcurrentRequests?: number;
  /** of a multipart upload: at least 5 MiB on S3; default 8 MiB, so that an object may have 80 GB */
  partBytes?: number;
  retry?: RetryPolicy;
}

/** What the operations of one store share: where it is, how many requests it may have open, how it tries again. */
export class S3Bucket {
  readonly client: S3Client;
  readonly name: string;
  readonly partBytes: number;
  readonly #prefix: string;
  readonly #limit: LimitFunction;
  readonly #retry: RetryPolicy;

  constructor(options: S3StoreOptions) {
    const {
      client,
      bucket,
      prefix = '',
      maxConcurrentRequests = 32,
      partBytes = LIMITS.uploadPartBytes,
      retry = DEFAULT_RETRY,
    } = options;
    if (prefix !== '' && !prefix.endsWith('/')) throw new RangeError(`prefix must be '' or end in '/', got ${prefix}`);
    this.client = client;
    this.name = bucket;
    this.partBytes = partBytes;
    this.#prefix = prefix;
    this.#limit = pLimit(maxConcurrentRequests);
    this.#retry = retry;
  }

  /** The bucket's key of a store's key. */
  fullKey(key: string): string {
    return `${this.#prefix}${key}`;
  }

  /** The store's key of a bucket's key. */
  relativeKey(fullKey: string): string {
    return fullKey.slice(this.#prefix.length);
  }

  url(key: string): string {
    return `s3://${this.name}/${this.fullKey(key)}`;
  }

  /** Do one request when its turn comes. */
  request<T>(action: () => Promise<T>): Promise<T> {
    return this.#limit(action);
  }

  /** Like {@link request}, again where the body broke off or where S3 met another write at the same moment (409). */
  repeated<T>(action: () => Promise<T>): Promise<T> {
    const mayPass = (error: unknown) => isConflict(error) || error instanceof BrokenBodyError;
    return withRetries(() => this.request(action), mayPass, this.#retry);
  }
}

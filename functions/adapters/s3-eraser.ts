import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import { StoreRefusedError } from '../../shared/contract/errors.ts';
import type { Eraser, StoredVersion } from '../../shared/store/eraser.ts';
import { S3Bucket, type S3StoreOptions } from './s3-bucket.ts';
import { nameOf, s3Error } from './s3-errors.ts';
import { requirePrefix } from './store-key.ts';

/** What one request can delete. */
const BATCH = 1000;

interface FoundVersion extends StoredVersion {
  versionId: string | undefined;
  depth: (typeof DEPTHS)[number];
}

/**
 * In this order a key never reads as an older version than before: what is beneath the current version goes first, then
 * the current one, then the marks of deletions, beneath which there is nothing by then.
 */
const DEPTHS = ['superseded', 'current', 'mark'] as const;

/** Erases objects of a bucket with all their versions, whether or not it keeps any. */
export class S3Eraser implements Eraser {
  readonly #bucket: S3Bucket;

  constructor(options: S3StoreOptions) {
    this.#bucket = new S3Bucket(options);
  }

  async *versions(prefix: string): AsyncIterable<StoredVersion> {
    for await (const { key, sizeBytes, modified } of this.#find(prefix)) yield { key, sizeBytes, modified };
  }

  async removeEveryVersion(prefix: string): Promise<void> {
    await this.#abortUploads(prefix);
    for (;;) {
      const found: FoundVersion[] = [];
      for await (const version of this.#find(prefix)) found.push(version);
      if (found.length === 0) return;
      for (const depth of DEPTHS) await this.#removeAll(found.filter((version) => version.depth === depth));
    }
  }

  async *#find(prefix: string): AsyncIterable<FoundVersion> {
    requirePrefix(prefix);
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (next) {
      const command = new ListObjectVersionsCommand({ ...this.#below(prefix), ...next });
      const page: ListObjectVersionsCommandOutput = await this.#ask(prefix, 'read', () =>
        this.#bucket.client.send(command),
      );
      const found = (key: string | undefined, id: string | undefined, time: Date | undefined) => ({
        key: this.#bucket.relativeKey(decoded(key, page.EncodingType)),
        versionId: id,
        modified: time?.getTime() ?? 0,
      });
      for (const { Key, VersionId, LastModified, Size = 0, IsLatest } of page.Versions ?? []) {
        yield {
          ...found(Key, VersionId, LastModified),
          sizeBytes: Size,
          depth: IsLatest ? 'current' : 'superseded',
        };
      }
      for (const { Key, VersionId, LastModified } of page.DeleteMarkers ?? []) {
        yield { ...found(Key, VersionId, LastModified), sizeBytes: 0, depth: 'mark' };
      }
      const { NextKeyMarker, NextVersionIdMarker } = page;
      next = page.IsTruncated
        ? { KeyMarker: decoded(NextKeyMarker, page.EncodingType), VersionIdMarker: NextVersionIdMarker }
        : undefined;
    }
  }

  async #removeAll(versions: readonly FoundVersion[]): Promise<void> {
    for (let at = 0; at < versions.length; at += BATCH) {
      const Objects = versions
        .slice(at, at + BATCH)
        .map(({ key, versionId }) => ({ Key: this.#bucket.fullKey(key), VersionId: versionId }));
      const command = new DeleteObjectsCommand({ Bucket: this.#bucket.name, Delete: { Objects, Quiet: true } });
      const { key } = versions[at];
      const { Errors = [] } = await this.#ask(key, 'removed', () => this.#bucket.client.send(command));
      if (Errors.length > 0) throw this.#refusal(Errors[0]);
    }
  }

  /** The request succeeded, one of its objects did not. */
  #refusal({ Key = '', Code = '', Message = '' }: { Key?: string; Code?: string; Message?: string }): unknown {
    const url = `s3://${this.#bucket.name}/${Key}`;
    const error = Object.assign(new Error(Message), { name: Code });
    const known = s3Error(error, url, 'removed');
    if (known !== error) return known;
    const advice = 'check s3:DeleteObjectVersion, holds and retention';
    return new StoreRefusedError(`${url} cannot be removed: ${Code}: ${Message}; ${advice}`, { cause: error });
  }

  async #abortUploads(prefix: string): Promise<void> {
    let next: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (next) {
      const command = new ListMultipartUploadsCommand({ ...this.#below(prefix), ...next });
      const page: ListMultipartUploadsCommandOutput = await this.#ask(prefix, 'read', () =>
        this.#bucket.client.send(command),
      );
      for (const { Key, UploadId } of page.Uploads ?? []) await this.#abort(decoded(Key, page.EncodingType), UploadId);
      const { NextKeyMarker, NextUploadIdMarker } = page;
      next = page.IsTruncated
        ? { KeyMarker: decoded(NextKeyMarker, page.EncodingType), UploadIdMarker: NextUploadIdMarker }
        : undefined;
    }
  }

  async #abort(fullKey: string, UploadId: string | undefined): Promise<void> {
    const command = new AbortMultipartUploadCommand({ Bucket: this.#bucket.name, Key: fullKey, UploadId });
    const send = () =>
      this.#bucket.client.send(command).catch((error: unknown) => {
        // its writer has ended it meanwhile
        if (nameOf(error) !== 'NoSuchUpload') throw error;
      });
    await this.#ask(this.#bucket.relativeKey(fullKey), 'removed', send);
  }

  #below(prefix: string) {
    // XML cannot hold every character that a key may
    return { Bucket: this.#bucket.name, Prefix: this.#bucket.fullKey(prefix), EncodingType: 'url' as const };
  }

  async #ask<T>(key: string, action: 'read' | 'removed', request: () => Promise<T>): Promise<T> {
    try {
      return await this.#bucket.request(request);
    } catch (error) {
      throw s3Error(error, this.#bucket.url(key), action);
    }
  }
}

const decoded = (key = '', encoding?: string) =>
  encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;

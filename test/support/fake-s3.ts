import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type AwsStub, mockClient } from 'aws-sdk-client-mock';
import { compareKeys } from '../../shared/contract/names.ts';

/** An error as the SDK throws it. */
export function s3Failure(name: string, httpStatusCode: number, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

interface FakeObject {
  bytes: Uint8Array;
  etag: string;
}

interface Condition {
  Key?: string;
  IfMatch?: string;
  IfNoneMatch?: string;
}

const PAGE = 10;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** As much of S3 as the store uses, behind the real client: conditions, ranges, pages, multipart uploads. */
export class FakeS3 {
  readonly client = new S3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
  readonly objects = new Map<string, FakeObject>();
  readonly uploads = new Map<string, Map<number, Uint8Array>>();
  readonly mock: AwsStub<object, { $metadata: object }, object>;
  /** requests that were in hand at the same time, at most */
  peakRequests = 0;
  #open = 0;
  #uploadCount = 0;

  constructor() {
    const mock = mockClient(this.client);
    this.mock = mock as unknown as FakeS3['mock'];
    mock.on(HeadObjectCommand).callsFake((input) => this.#counted(() => this.#head(input)));
    mock.on(GetObjectCommand).callsFake((input) => this.#counted(() => this.#get(input)));
    mock.on(PutObjectCommand).callsFake((input) => this.#counted(() => this.#put(input, input.Body)));
    mock.on(ListObjectsV2Command).callsFake((input) => this.#counted(() => this.#list(input)));
    mock.on(DeleteObjectCommand).callsFake((input) => this.#counted(() => this.objects.delete(input.Key) && {}));
    mock.on(CreateMultipartUploadCommand).callsFake(() => this.#counted(() => this.#create()));
    mock.on(UploadPartCommand).callsFake((input) => this.#counted(() => this.#uploadPart(input)));
    mock.on(CompleteMultipartUploadCommand).callsFake((input) => this.#counted(() => this.#complete(input)));
    mock
      .on(AbortMultipartUploadCommand)
      .callsFake((input) => this.#counted(() => this.uploads.delete(input.UploadId) && {}));
  }

  store(key: string, bytes: Uint8Array): FakeObject {
    const object = { bytes: Uint8Array.from(bytes), etag: `"${createHash('md5').update(bytes).digest('hex')}"` };
    this.objects.set(key, object);
    return object;
  }

  async #counted<T>(answer: () => T): Promise<T> {
    this.peakRequests = Math.max(this.peakRequests, ++this.#open);
    try {
      await turn();
      return answer();
    } finally {
      this.#open--;
    }
  }

  #find({ Key = '', IfMatch }: Condition, missing: string): FakeObject {
    const object = this.objects.get(Key);
    if (!object) throw s3Failure(missing, 404);
    if (IfMatch !== undefined && IfMatch !== object.etag) throw s3Failure('PreconditionFailed', 412);
    return object;
  }

  #head(input: Condition) {
    const { bytes, etag } = this.#find(input, 'NotFound');
    return { ETag: etag, ContentLength: bytes.byteLength };
  }

  #get(input: Condition & { Range?: string }) {
    const { bytes, etag } = this.#find(input, 'NoSuchKey');
    const range = /^bytes=(\d+)-(\d+)$/.exec(input.Range ?? '');
    if (!range) return { ETag: etag, ContentLength: bytes.byteLength, Body: bodyOf(bytes) };
    const [start, last] = [Number(range[1]), Number(range[2])];
    if (start >= bytes.byteLength) throw s3Failure('InvalidRange', 416);
    const part = bytes.slice(start, last + 1);
    const ContentRange = `bytes ${start}-${start + part.byteLength - 1}/${bytes.byteLength}`;
    return { ETag: etag, ContentLength: part.byteLength, ContentRange, Body: bodyOf(part) };
  }

  #put({ Key = '', IfNoneMatch }: Condition, bytes: Uint8Array) {
    if (IfNoneMatch !== '*') throw new Error('every write must be conditional');
    if (this.objects.has(Key)) throw s3Failure('PreconditionFailed', 412);
    return { ETag: this.store(Key, bytes).etag };
  }

  #list({
    Prefix = '',
    ContinuationToken,
    EncodingType,
  }: {
    Prefix?: string;
    ContinuationToken?: string;
    EncodingType?: string;
  }) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(Prefix)).sort(compareKeys);
    const start = Number(ContinuationToken ?? 0);
    const Contents = keys.slice(start, start + PAGE).map((key) => ({
      Key: EncodingType === 'url' ? encodeURIComponent(key).replaceAll('%20', '+') : key,
      ETag: this.objects.get(key)?.etag,
      Size: this.objects.get(key)?.bytes.byteLength,
    }));
    const IsTruncated = start + PAGE < keys.length;
    return {
      Contents,
      EncodingType,
      IsTruncated,
      NextContinuationToken: IsTruncated ? String(start + PAGE) : undefined,
    };
  }

  #create() {
    const UploadId = `upload-${++this.#uploadCount}`;
    this.uploads.set(UploadId, new Map());
    return { UploadId };
  }

  #uploadPart({ UploadId = '', PartNumber = 0, Body }: { UploadId?: string; PartNumber?: number; Body?: unknown }) {
    const upload = this.uploads.get(UploadId);
    if (!upload) throw s3Failure('NoSuchUpload', 404);
    upload.set(PartNumber, Uint8Array.from(Body as Uint8Array));
    return { ETag: `"part-${PartNumber}"` };
  }

  #complete(
    input: Condition & { UploadId?: string; MultipartUpload?: { Parts?: { ETag?: string; PartNumber?: number }[] } },
  ) {
    const upload = this.uploads.get(input.UploadId ?? '');
    if (!upload) throw s3Failure('NoSuchUpload', 404);
    const parts = (input.MultipartUpload?.Parts ?? []).map(({ ETag, PartNumber = 0 }) => {
      const part = upload.get(PartNumber);
      if (!part || ETag !== `"part-${PartNumber}"`) throw s3Failure('InvalidPart', 400);
      return part;
    });
    if (parts.slice(0, -1).some(({ byteLength }) => byteLength < 5 << 20)) throw s3Failure('EntityTooSmall', 400);
    const answer = this.#put(input, Buffer.concat(parts));
    this.uploads.delete(input.UploadId ?? '');
    return answer;
  }
}

const bodyOf = (bytes: Uint8Array) => ({ transformToByteArray: async () => Uint8Array.from(bytes) });

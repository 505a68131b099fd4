import {
  CompleteMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3Store } from '../../../functions/adapters/s3-store.ts';
import {
  InputChangedError,
  StoreRefusedError,
  StoreUnavailableError,
  UnreadableInputError,
} from '../../../shared/contract/errors.ts';
import { FakeS3, s3Failure } from '../../support/fake-s3.ts';
import { describeObjectStore, keysOf, patterned } from '../../support/object-store-contract.ts';

const retry = { attempts: 3, baseMs: 1, capMs: 1 };
const bytes = Uint8Array.of(1, 2, 3);

function openFake(options: { prefix?: string; maxConcurrentRequests?: number } = {}) {
  const s3 = new FakeS3();
  return { s3, store: new S3Store({ client: s3.client, bucket: 'b', retry, partBytes: 5 << 20, ...options }) };
}

describeObjectStore('S3Store', async () => {
  const { s3, store } = openFake({ prefix: 'some/where/' });
  return {
    store,
    overwrite: async (key, replacement) => void s3.store(`some/where/${key}`, replacement),
    everything: async () =>
      [...s3.objects.keys(), ...s3.uploads.keys()].map((key) => key.replace(/^some\/where\//, '')),
  };
});

describe('S3Store', () => {
  let s3: FakeS3;
  let store: S3Store;
  beforeEach(() => {
    ({ s3, store } = openFake());
  });

  it('keeps to its prefix', async () => {
    const { s3: fake, store: prefixed } = openFake({ prefix: 'p/' });
    fake.store('other', bytes);
    await prefixed.write('k', bytes);
    expect([...fake.objects.keys()]).toEqual(['other', 'p/k']);
    expect(await keysOf(prefixed)).toEqual(['k']);
    expect(() => openFake({ prefix: 'p' })).toThrow("prefix must be '' or end in '/'");
  });

  it('never has more requests in hand than allowed', async () => {
    const { s3: fake, store: bounded } = openFake({ maxConcurrentRequests: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, i) => bounded.write(`k${i}`, bytes)));
    await Promise.all(Array.from({ length: 20 }, (_, i) => bounded.read(`k${i}`)));
    expect(fake.peakRequests).toBe(3);
  });

  it('repeats a write that met another one (409) and tells who won', async () => {
    s3.mock.on(PutObjectCommand).rejectsOnce(s3Failure('ConditionalRequestConflict', 409)).resolves({ ETag: '"e"' });
    expect(await store.write('k', bytes)).toEqual({ status: 'written', etag: 'e' });
    s3.mock
      .on(PutObjectCommand)
      .rejectsOnce(s3Failure('ConditionalRequestConflict', 409))
      .rejects(s3Failure('PreconditionFailed', 412));
    expect(await store.write('k', bytes)).toEqual({ status: 'exists' });
    s3.mock.on(PutObjectCommand).rejects(s3Failure('ConditionalRequestConflict', 409));
    await expect(store.write('k', bytes)).rejects.toThrow(StoreUnavailableError);
  });

  it('asks again for a body that breaks off or is short, then says that the store is unavailable', async () => {
    const answer = (transformToByteArray: () => Promise<Uint8Array>) =>
      ({ ContentLength: 3, Body: { transformToByteArray } }) as object;
    const broken = answer(() => Promise.reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
    const short = answer(async () => bytes.subarray(1));
    s3.mock
      .on(GetObjectCommand)
      .resolvesOnce(broken)
      .resolvesOnce(short)
      .resolves(answer(async () => bytes));
    expect([...(await store.read('k'))]).toEqual([1, 2, 3]);
    s3.mock.on(GetObjectCommand).resolves(short);
    await expect(store.read('k')).rejects.toThrow(StoreUnavailableError);
    await expect(store.read('k')).rejects.toThrow('s3://b/k must answer 3 bytes, got 2');
  });

  const translations = [
    ['SlowDown', 503, StoreUnavailableError, 's3://b/k cannot be read now: SlowDown'],
    ['InternalError', 500, StoreUnavailableError, 'InternalError'],
    ['TooManyRequestsException', 429, StoreUnavailableError, 'TooManyRequestsException'],
    ['RequestTimeout', 400, StoreUnavailableError, 'RequestTimeout'],
    ['AccessDenied', 403, StoreRefusedError, 's3://b/k cannot be read: AccessDenied'],
    ['InvalidObjectState', 403, UnreadableInputError, 's3://b/k is archived; restore it'],
    ['NoSuchBucket', 404, StoreRefusedError, 'the bucket does not exist'],
    ['ExpiredToken', 400, StoreRefusedError, 'the AWS credentials have expired'],
    ['PermanentRedirect', 301, StoreRefusedError, 'another region'],
    ['KMS.DisabledException', 400, StoreRefusedError, 'check the KMS key'],
    ['NoSuchKey', 404, InputChangedError, 'k is gone since it was listed'],
    ['PreconditionFailed', 412, InputChangedError, 'k changed while the run was reading it'],
  ] as const;

  it.each(translations)('says what %s (%i) means for a reader', async (name, status, Class, message) => {
    s3.mock.on(GetObjectCommand).rejects(s3Failure(name, status));
    const read = store.read('k');
    await expect(read).rejects.toThrow(Class);
    await expect(read).rejects.toThrow(message);
  });

  it('takes time-outs and a broken network for passing, in every operation', async () => {
    const failures = [
      Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
      Object.assign(new Error('timed out'), { name: 'TimeoutError' }),
      Object.assign(new Error('wrapped'), { cause: Object.assign(new Error('dns'), { code: 'EAI_AGAIN' }) }),
      new AggregateError([Object.assign(new Error('v6'), { code: 'ENETUNREACH' })]),
    ];
    for (const failure of failures) {
      for (const command of [GetObjectCommand, HeadObjectCommand, PutObjectCommand, ListObjectsV2Command]) {
        s3.mock.on(command as typeof GetObjectCommand).rejects(failure);
      }
      await expect(store.read('k')).rejects.toThrow(StoreUnavailableError);
      await expect(store.head('k')).rejects.toThrow(StoreUnavailableError);
      await expect(store.write('k', bytes)).rejects.toThrow(StoreUnavailableError);
      await expect(keysOf(store)).rejects.toThrow(StoreUnavailableError);
    }
  });

  it('refuses for good what it has no right to, naming bucket and key', async () => {
    s3.mock.on(PutObjectCommand).rejects(s3Failure('AccessDenied', 403, 'no s3:PutObject'));
    await expect(store.write('d/k', bytes)).rejects.toThrow(
      's3://b/d/k cannot be written: AccessDenied: no s3:PutObject; check the rights on the bucket and the key',
    );
    s3.mock.on(HeadObjectCommand).rejects(s3Failure('Forbidden', 403));
    await expect(store.head('k')).rejects.toThrow(StoreRefusedError);
  });

  it('passes a defect of ours on as it is', async () => {
    const defect = new TypeError('undefined is not a function');
    s3.mock.on(GetObjectCommand).rejects(defect);
    await expect(store.read('k')).rejects.toBe(defect);
  });

  it('leaves no parts behind when a part, or the completion, fails', async () => {
    s3.mock.on(UploadPartCommand).rejects(s3Failure('SlowDown', 503));
    const failing = await store.openWrite('k');
    const all = async () => {
      await failing.write(patterned(11 << 20));
      await failing.close();
    };
    await expect(all()).rejects.toThrow(StoreUnavailableError);
    expect([...s3.uploads.keys(), ...s3.objects.keys()]).toEqual([]);
    await failing.abort();

    const { s3: fake, store: other } = openFake();
    fake.mock.on(CompleteMultipartUploadCommand).rejects(s3Failure('AccessDenied', 403));
    const writer = await other.openWrite('k');
    await writer.write(patterned(6 << 20));
    await expect(writer.close()).rejects.toThrow(StoreRefusedError);
    expect([...fake.uploads.keys(), ...fake.objects.keys()]).toEqual([]);
  });

  it('looks at the key where S3 cannot say how a completion ended', async () => {
    for (const failure of [s3Failure('NoSuchUpload', 404), s3Failure('ConditionalRequestConflict', 409)]) {
      const { s3: fake, store: other } = openFake();
      fake.mock.on(CompleteMultipartUploadCommand).rejects(failure);
      const lost = await other.openWrite('k');
      await lost.write(patterned(6 << 20));
      await expect(lost.close()).rejects.toThrow(StoreUnavailableError);
      const beaten = await other.openWrite('k');
      await beaten.write(patterned(6 << 20));
      fake.store('k', bytes);
      expect(await beaten.close()).toEqual({ status: 'exists' });
      expect([...fake.uploads.keys()]).toEqual([]);
    }
  });

  it('sends the condition and the range that the port asks for', async () => {
    s3.store('k', bytes);
    const etag = (await store.head('k'))?.etag;
    expect(etag).not.toContain('"');
    await store.read('k', { start: 1, end: 3, etag });
    const [call] = s3.mock.commandCalls(GetObjectCommand as never);
    expect(call.args[0].input).toEqual({ Bucket: 'b', Key: 'k', Range: 'bytes=1-2', IfMatch: `"${etag}"` });
  });
});

describe('makeS3Client', () => {
  it('repeats by the standard mode and takes overrides', async () => {
    const client = makeS3Client({ region: 'eu-north-1', maxAttempts: 2 });
    expect(await client.config.retryMode).toBe('standard');
    expect(await client.config.maxAttempts()).toBe(2);
    expect(await client.config.region()).toBe('eu-north-1');
    client.destroy();
  });
});

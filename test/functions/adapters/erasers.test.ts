import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, it } from 'vitest';
import { LocalEraser } from '../../../functions/adapters/local-eraser.ts';
import { LocalStore } from '../../../functions/adapters/local-store.ts';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { makeS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3Eraser } from '../../../functions/adapters/s3-eraser.ts';
import { S3Store } from '../../../functions/adapters/s3-store.ts';
import { StoreRefusedError, StoreUnavailableError } from '../../../shared/contract/errors.ts';
import type { Eraser, StoredVersion } from '../../../shared/store/eraser.ts';
import type { ObjectStore } from '../../../shared/store/object-store.ts';
import { hasEmulator, startEmulator } from '../../support/aws-emulator.ts';
import { temporaryFolder } from '../../support/command.ts';
import { keysOf } from '../../support/object-store-contract.ts';

const bytes = new Uint8Array(3);
const folder = temporaryFolder();
let client: S3Client;
let buckets = 0;

beforeAll(async () => {
  if (!hasEmulator) return;
  const aws = await startEmulator();
  const credentials = { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY };
  client = makeS3Client({ endpoint: aws.AWS_ENDPOINT_URL, region: aws.AWS_REGION, credentials });
});

interface Place {
  store: ObjectStore;
  eraser: Eraser;
  isVersioned: boolean;
}

async function bucket(isVersioned: boolean, prefix = ''): Promise<Place & { name: string }> {
  const name = `bucket-${++buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  if (isVersioned) {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration }));
  }
  const options = { client, bucket: name, prefix };
  return { name, store: new S3Store(options), eraser: new S3Eraser(options), isVersioned };
}

const local = () => {
  const root = mkdtempSync(join(folder, 'store-'));
  return { store: new LocalStore(root), eraser: new LocalEraser(root), isVersioned: false };
};
const memory = (versioned: boolean) => {
  const store = new MemoryStore({ versioned });
  return { store, eraser: store, isVersioned: versioned };
};

const places: [string, () => Place | Promise<Place>, boolean][] = [
  ['a folder', local, true],
  ['memory', () => memory(false), true],
  ['memory with versions', () => memory(true), true],
  ['a bucket', () => bucket(false), hasEmulator],
  ['a bucket with versions', () => bucket(true), hasEmulator],
  ['a prefix of a bucket with versions', () => bucket(true, 'some/where/'), hasEmulator],
];

const versionsOf = async (eraser: Eraser, prefix = '') => {
  const versions: StoredVersion[] = [];
  for await (const version of eraser.versions(prefix)) versions.push(version);
  return versions;
};

describe.each(places)('erasing in %s', (_, open, canRun) => {
  it.skipIf(!canRun && !process.env.CI)('removes every version below a prefix and nothing else', async () => {
    const { store, eraser, isVersioned } = await open();
    for (const key of ['d/a', 'd/b/c', 'd2/a', 'e']) await store.write(key, bytes);
    // written, removed, written again, removed; and written, removed, written again
    await store.remove('d/a');
    await store.write('d/a', bytes);
    await store.remove('d/a');
    await store.remove('d/b/c');
    await store.write('d/b/c', bytes);
    const before = await versionsOf(eraser, 'd/');
    expect(before).toHaveLength(isVersioned ? 7 : 1);
    expect(before.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(isVersioned ? 12 : 3);

    await eraser.removeEveryVersion('d/');
    expect(await versionsOf(eraser, 'd/')).toEqual([]);
    expect(await keysOf(store)).toEqual(['d2/a', 'e']);
    await eraser.removeEveryVersion('d/');
    expect((await versionsOf(eraser)).map(({ key }) => key).sort()).toEqual(['d2/a', 'e']);
    expect(await store.write('d/a', bytes)).toMatchObject({ status: 'written' });
  });

  it.skipIf(!canRun && !process.env.CI)('refuses a prefix that leaves the root', async () => {
    const { eraser } = await open();
    await expect(eraser.removeEveryVersion('../')).rejects.toThrow(RangeError);
  });
});

describe('LocalEraser', () => {
  it('takes away the folders that held what was erased, not those of others', async () => {
    const root = mkdtempSync(join(folder, 'store-'));
    const store = new LocalStore(root);
    for (const key of ['data/dataset=d/run_id=1/pass-0/p', 'data/dataset=e/p']) await store.write(key, bytes);
    await new LocalEraser(root).removeEveryVersion('data/dataset=d/');
    expect(readdirSync(join(root, 'data'))).toEqual(['dataset=e']);
    await new LocalEraser(root).removeEveryVersion('data/dataset=e/');
    expect(existsSync(root)).toBe(true);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe.skipIf(!hasEmulator && !process.env.CI)('S3Eraser', () => {
  it('removes more versions than one request names, and more keys than one page', async () => {
    const { name, eraser, store } = await bucket(true);
    for (let i = 0; i < 1050; i++) {
      const Key = `many/${i % 350}`;
      await client.send(new PutObjectCommand({ Bucket: name, Key, Body: bytes }));
    }
    await store.write('other', bytes);
    expect(await versionsOf(eraser, 'many/')).toHaveLength(1050);
    await eraser.removeEveryVersion('many/');
    expect((await versionsOf(eraser)).map(({ key }) => key)).toEqual(['other']);
  }, 60_000);

  it('aborts what was never finished to be uploaded', async () => {
    const { name, eraser } = await bucket(false);
    for (const Key of ['d/a', 'e']) await client.send(new CreateMultipartUploadCommand({ Bucket: name, Key }));
    await eraser.removeEveryVersion('d/');
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: name }));
    expect(Uploads.map(({ Key }) => Key)).toEqual(['e']);
  });

  it('at no moment lets a key be read as an older version', async () => {
    const { name, eraser, store } = await bucket(true);
    const put = (text: string) => client.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: text }));
    await put('old');
    await store.remove('k');
    await put('older than new');
    await put('new');
    const seen: string[] = [];
    const send = client.send.bind(client);
    const look = async () => seen.push((await store.head('k')) ? Buffer.from(await store.read('k')).toString() : '-');
    const spy = makeS3Client(client.config as never);
    spy.send = (async (command: never) => {
      const answer = await send(command);
      if ((command as object) instanceof DeleteObjectsCommand) await look();
      return answer;
    }) as never;
    await new S3Eraser({ client: spy, bucket: name }).removeEveryVersion('k');
    expect(seen).toEqual(['new', '-', '-']);
    expect(await versionsOf(eraser)).toEqual([]);
  });
});

describe('S3Eraser, refused', () => {
  const refusing = (Code: string) => {
    const stubbed = makeS3Client({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
    const mock = mockClient(stubbed);
    mock.onAnyCommand().resolves({ Versions: [{ Key: 'd/k', VersionId: 'v', IsLatest: true }] } as never);
    mock.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'd/k', VersionId: 'v', Code, Message: 'no' }] });
    return new S3Eraser({ client: stubbed, bucket: 'b' }).removeEveryVersion('d/');
  };

  it('an object that is held is named, with what to look at', async () => {
    const refused = refusing('AccessDenied');
    await expect(refused).rejects.toThrow(StoreRefusedError);
    await expect(refused).rejects.toThrow(
      's3://b/d/k cannot be removed: AccessDenied: no; check s3:DeleteObjectVersion, holds and retention',
    );
  });

  it('an object that cannot be removed at this moment may be tried again', async () => {
    await expect(refusing('SlowDown')).rejects.toThrow(StoreUnavailableError);
  });
});

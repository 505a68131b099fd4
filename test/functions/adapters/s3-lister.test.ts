import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeS3Client } from '../../../functions/adapters/s3-client.ts';
import { S3Lister } from '../../../functions/adapters/s3-lister.ts';
import { StoreRefusedError, StoreUnavailableError } from '../../../shared/contract/errors.ts';

interface Answer {
  status?: number;
  date?: string;
  body: string;
}

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** The real client against a server that answers as S3 does: the Date is in a header, where no stub would have it. */
async function listerAnswering(...answers: Answer[]) {
  const queries: URLSearchParams[] = [];
  server = createServer((request, response) => {
    const { status = 200, date, body } = answers[Math.min(queries.length, answers.length - 1)];
    queries.push(new URL(request.url ?? '', 'http://s3').searchParams);
    response.sendDate = false;
    if (date) response.setHeader('Date', date);
    response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = makeS3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  });
  return { lister: new S3Lister(client, 'b'), queries };
}

const page = (contents: string, next?: string) =>
  `<?xml version="1.0"?><ListBucketResult><Name>b</Name><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${
    next ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''
  }${contents}</ListBucketResult>`;
const object = (key: string, modified: string) =>
  `<Contents><Key>${key}</Key><LastModified>${modified}</LastModified><ETag>&quot;e-2&quot;</ETag><Size>7</Size></Contents>`;

const pagesOf = async (lister: S3Lister, ...[prefix, options]: Parameters<S3Lister['pages']>) => {
  const pages = [];
  for await (const one of lister.pages(prefix, options)) pages.push(one);
  return pages;
};

describe('S3Lister', () => {
  it('gives every page with the Date of its answer, keys as they are, times of modification', async () => {
    const { lister, queries } = await listerAnswering(
      {
        date: 'Sun, 01 Mar 2026 00:00:07 GMT',
        body: page(object('d/a+b%2B%25%F0%9F%98%80.parquet', '2026-02-28T23:59:59.000Z'), 'more'),
      },
      { date: 'Sun, 01 Mar 2026 00:00:09 GMT', body: page(object('d/c', '2026-03-01T00:00:00.000Z')) },
    );
    expect(await pagesOf(lister, 'd/')).toEqual([
      {
        now: Date.parse('2026-03-01T00:00:07Z'),
        objects: [
          {
            key: 'd/a b+%\u{1f600}.parquet',
            etag: 'e-2',
            sizeBytes: 7,
            modified: Date.parse('2026-02-28T23:59:59Z'),
          },
        ],
      },
      {
        now: Date.parse('2026-03-01T00:00:09Z'),
        objects: [{ key: 'd/c', etag: 'e-2', sizeBytes: 7, modified: Date.parse('2026-03-01T00:00:00Z') }],
      },
    ]);
    expect(
      queries.map((query) => [query.get('prefix'), query.get('delimiter'), query.get('continuation-token')]),
    ).toEqual([
      ['d/', null, null],
      ['d/', null, 'more'],
    ]);
  });

  it('asks S3 to leave out what is deeper where only a folder is wanted, and gives a page of nothing', async () => {
    const { lister, queries } = await listerAnswering({ date: 'Sun, 01 Mar 2026 00:00:07 GMT', body: page('') });
    expect(await pagesOf(lister, 'd.', { folder: true })).toEqual([
      { now: Date.parse('2026-03-01T00:00:07Z'), objects: [] },
    ]);
    expect(queries[0].get('delimiter')).toBe('/');
  });

  it('does not do without the Date', async () => {
    const { lister } = await listerAnswering({ body: page('') });
    await expect(pagesOf(lister, 'd/')).rejects.toThrow(
      new StoreUnavailableError('s3://b/d/ must be listed with a Date, got undefined'),
    );
  });

  it('says which bucket is missing', async () => {
    const body = '<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>';
    const { lister } = await listerAnswering({ status: 404, body });
    const failure = await pagesOf(lister, 'd/').catch((error) => error);
    expect(failure).toBeInstanceOf(StoreRefusedError);
    expect(failure.message).toContain('s3://b/d/ cannot be read: the bucket does not exist');
  });
});

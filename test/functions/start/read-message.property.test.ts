import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage, writeMessage } from '../../../functions/start/read-message.ts';

const BUCKET = 'in';
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
const event = (key: string, changes: object = {}) =>
  JSON.stringify({
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-03-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [`arn:aws:s3:::${BUCKET}`],
    detail: {
      version: '0',
      bucket: { name: BUCKET },
      object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '00617F08299329D189' },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: '123456789012',
      reason: 'PutObject',
    },
    ...changes,
  });

describe('a message of our own', () => {
  it('is read as it was written, whatever the dataset is called, and is ASCII', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), fc.boolean(), (dataset, lastEvent, firstSeen, listed) => {
        const wait = { lastEvent, firstSeen, ...(listed && { seen: { digest: 'abc', at: firstSeen } }) };
        const body = writeMessage({ dataset, ...wait });
        expect(body).toMatch(/^[\x20-\x7e]*$/);
        expect(readMessage(body, BUCKET)).toEqual({ dataset, is: 'wait', wait });
      }),
    );
  });

  it('that a marker asked for is a marker’s again', () => {
    const body = writeMessage({ dataset: 'd', lastEvent: 7, firstSeen: 9, marker: true });
    expect(readMessage(body, BUCKET)).toEqual({ dataset: 'd', is: 'marker', time: 7 });
  });
});

describe('an event', () => {
  const time = Date.parse('2026-03-01T00:00:00Z');

  it.each([
    ['d/a.parquet', 'd', 'event'],
    ['d/notes.txt', 'd', 'event'],
    ['d/k=v/x/a.parquet', 'd', 'event'],
    ['d/_modemap.json', 'd', 'event'],
    ['d/_SUCCESS', 'd', 'marker'],
    ['my data/a b.parquet', 'my data', 'event'],
    ['a+b/x.parquet', 'a+b', 'event'],
    ['100%20/x%2Fy.parquet', '100%20', 'event'],
    ['k=v/x.parquet', 'k=v', 'event'],
    ['数据 \u{1f600}/x.parquet', '数据 \u{1f600}', 'event'],
    ['e\u0301/x.parquet', 'e\u0301', 'event'],
    ['single.file.PARQUET', 'single.file', 'event'],
    ['runs/x.parquet', 'runs', 'event'],
    [`${'x'.repeat(300)}/x.parquet`, 'x'.repeat(300), 'event'],
  ])('of %s is one of dataset %s, its key taken as it is', (key, dataset, is) => {
    expect(readMessage(event(key), BUCKET)).toEqual({ dataset, is, time });
  });

  it.each([
    'd/',
    'd/x/',
    '/a.parquet',
    'notes.txt',
    '_modemap.json',
    '_SUCCESS',
    '.parquet',
    '_d/a.parquet',
    'd/.a.parquet',
    'd/_temporary/0/a.parquet',
    'd/x/_SUCCESS',
    'd/x/_modemap.json',
  ])('of %s asks for nothing', (key) => {
    expect(readMessage(event(key), BUCKET)).toBeUndefined();
  });

  it('of another bucket or another kind asks for nothing', () => {
    expect(readMessage(event('d/a.parquet', { 'detail-type': 'Object Deleted' }), BUCKET)).toBeUndefined();
    expect(readMessage(event('d/a.parquet'), 'another')).toBeUndefined();
  });
});

describe('what is neither', () => {
  it.each([
    ['', 'must be JSON'],
    ['{', 'must be JSON'],
    ['null', 'whose root is wrong'],
    ['[]', 'whose root is wrong'],
    ['{"dataset":"d"}', 'whose source is wrong'],
    ['{"dataset":"","lastEvent":1,"firstSeen":1}', 'whose source is wrong'],
    ['{"Service":"Amazon S3","Event":"s3:TestEvent"}', 'whose source is wrong'],
    [event('d/a.parquet', { time: 'yesterday' }), 'whose time is wrong: must be a time, got "yesterday"'],
    [event('d/a.parquet', { detail: {} }), 'whose detail.bucket is wrong'],
  ])('is a defect: %s', (body, message) => {
    expect(() => readMessage(body, BUCKET)).toThrow(TypeError);
    expect(() => readMessage(body, BUCKET)).toThrow(message);
  });
});

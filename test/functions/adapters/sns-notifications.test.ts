import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SnsNotifications } from '../../../functions/adapters/sns-notifications.ts';
import { s3Failure } from '../../support/fake-s3.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:1:runs';
const sns = mockClient(SNSClient);
beforeEach(() => sns.reset());
const open = () =>
  new SnsNotifications(TOPIC, { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
const published = () => sns.commandCalls(PublishCommand)[0].args[0].input;

describe('SnsNotifications', () => {
  it('publishes subject and text to its topic', async () => {
    await open().publish('subject', 'line\nwürfel');
    expect(published()).toEqual({ TopicArn: TOPIC, Subject: 'subject', Message: 'line\nwürfel' });
  });

  it('sends what SNS would refuse in a form that it takes', async () => {
    await open().publish(`run of Größe\n${'x'.repeat(200)}`, 'ü'.repeat(300_000));
    const { Subject = '', Message = '' } = published();
    expect(Subject).toMatch(/^run of Gr\?\?e\?x+$/);
    expect(Subject).toHaveLength(99);
    expect(Buffer.byteLength(Message)).toBeLessThanOrEqual(250_000);
  });

  it.each([
    ['ThrottlingException', 400, 'StoreUnavailableError'],
    ['InternalError', 500, 'StoreUnavailableError'],
    ['NotFound', 404, 'StoreRefusedError'],
    ['AuthorizationError', 403, 'StoreRefusedError'],
  ])('says by name whether %s may pass', async (name, status, expected) => {
    sns.on(PublishCommand).rejects(s3Failure(name, status));
    await expect(open().publish('s', 't')).rejects.toMatchObject({
      name: expected,
      message: expect.stringContaining(`${TOPIC} cannot be published to: ${name}`),
    });
  });
});

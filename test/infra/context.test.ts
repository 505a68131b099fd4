import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readContext } from '../../infra/context.ts';
import { cdkContext, root } from './synthesized.ts';

const read = (context: Record<string, unknown>) => readContext(new App({ context }));

describe('the context of a deployment', () => {
  it('has a default for every value, the same as cdk.json writes down', () => {
    const written = Object.entries(cdkContext).filter(([key]) => key.startsWith('modemap:'));
    expect(read({})).toEqual(Object.fromEntries(written.map(([key, value]) => [key.slice('modemap:'.length), value])));
  });

  it('stands in the README, each value with its default', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const [name, value] of Object.entries(read({}))) {
      expect(readme).toMatch(new RegExp(`\\| \`${name}\` +\\| \`?${value}\`? +\\|`));
    }
  });

  it('takes numbers as the command line gives them: as text', () => {
    expect(read({ 'modemap:concurrency': '40', 'modemap:logDays': '7' })).toMatchObject({
      concurrency: 40,
      logDays: 7,
    });
  });

  it.each([
    ['memoryMb', 'lots', 'context modemap:memoryMb: Invalid input: expected number, received string, got "lots"'],
    ['memoryMb', 128, 'context modemap:memoryMb: Too small: expected number to be >=512, got 128'],
    ['memoryMb', '10241', 'context modemap:memoryMb: Too big: expected number to be <=10240, got "10241"'],
    ['concurrency', 1.5, 'context modemap:concurrency: Invalid input: expected int, received number, got 1.5'],
    ['concurrency', 10_001, 'context modemap:concurrency: Too big: expected number to be <=10000, got 10001'],
    ['settleSeconds', 900, 'context modemap:settleSeconds: Too big: expected number to be <=899, got 900'],
    ['workDays', 14, 'context modemap:workDays: Too small: expected number to be >=15, got 14'],
    ['logDays', 31, 'context modemap:logDays: must be one of CloudWatch'],
    ['alarmEmail', 'me', 'context modemap:alarmEmail: Invalid email address, got "me"'],
    ['name', 'My Stack', 'context modemap:name: must be 1 to 40 characters a-z, 0-9 and -'],
    ['name', true, 'context modemap:name: Invalid input: expected string, received boolean, got true'],
    ['inputBucket', 'My_Bucket', 'context modemap:inputBucket: must be a bucket name of 3 to 63 characters'],
    ['inputBucket', 'arn:aws:s3:::mine', 'context modemap:inputBucket: must be a bucket name of 3 to 63 characters'],
    ['outputBucket', '', 'context modemap:outputBucket: must be a bucket name of 3 to 63 characters'],
  ])('refuses %s = %j and says why', (name, value, message) => {
    expect(() => read({ [`modemap:${name}`]: value })).toThrow(message);
  });

  it('refuses a name it does not know and says the nearest', () => {
    expect(() => read({ 'modemap:concurency': 3 })).toThrow(
      'context modemap:concurency is not known, the nearest name is modemap:concurrency',
    );
  });

  it('leaves the context of others alone', () => {
    expect(() => read({ 'aws:cdk:enable-path-metadata': true, 'availability-zones': [] })).not.toThrow();
  });

  it.each([
    ['inputBucket', 'workBucket'],
    ['inputBucket', 'outputBucket'],
    ['workBucket', 'outputBucket'],
  ])('refuses one bucket as %s and %s', (one, other) => {
    expect(() => read({ [`modemap:${one}`]: 'same-bucket', [`modemap:${other}`]: 'same-bucket' })).toThrow(
      `context modemap:${one} and modemap:${other} must be different buckets, both are same-bucket`,
    );
  });

  it('refuses to give up on a dataset before it could have settled', () => {
    expect(() => read({ 'modemap:settleSeconds': 300, 'modemap:settleMaxSeconds': 60 })).toThrow(
      'context modemap:settleMaxSeconds must be at least modemap:settleSeconds, got 60 and 300',
    );
  });
});

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../support/resolve-template.ts';
import { makeStack, resourcesOf } from './synthesized.ts';

const template = Template.fromStack(makeStack().stack);
const buckets = resourcesOf(template, 'AWS::S3::Bucket');
const policies = resourcesOf(template, 'AWS::S3::BucketPolicy');
const byRole = (role: string) => Object.entries(buckets).find(([id]) => id.startsWith(`Buckets${role}`))![1];
const everyBucket = Object.entries(buckets);

interface Rule {
  Id: string;
  Status: string;
  [action: string]: unknown;
}
const rulesOf = (role: string) =>
  (byRole(role).Properties.LifecycleConfiguration as { Rules: Rule[] }).Rules.map(({ Status, ...rule }) => {
    expect(Status).toBe('Enabled');
    return rule;
  });

const abort = { Id: 'abort-uploads', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } };
const forget = {
  Id: 'forget-noncurrent',
  NoncurrentVersionExpiration: { NoncurrentDays: 30 },
  ExpiredObjectDeleteMarker: true,
};

describe('the buckets of a deployment', () => {
  it('are input, work, output and one for the access logs of the three', () => {
    expect(everyBucket.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'BucketsAccessLogs',
      'BucketsInput',
      'BucketsOutput',
      'BucketsWork',
    ]);
    for (const role of ['Input', 'Work', 'Output']) {
      expect(resolveTemplate(byRole(role).Properties.LoggingConfiguration)).toEqual({
        DestinationBucketName: 'BucketsAccessLogs',
        LogFilePrefix: `${role.toLowerCase()}/`,
      });
    }
  });

  it.each(everyBucket)('%s is private, encrypted, owned by the account, and outlives the stack', (_, bucket) => {
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it.each(everyBucket)('%s refuses requests without TLS', (id) => {
    const [policy] = Object.values(policies).filter(
      ({ Properties }) => (Properties.Bucket as { Ref: string }).Ref === id,
    );
    const { Statement } = policy.Properties.PolicyDocument as { Statement: object[] };
    expect(Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('keep input and output until somebody deletes them, for 30 days after that', () => {
    expect(rulesOf('Input')).toEqual([abort, forget]);
    expect(rulesOf('Output')).toEqual([abort, forget]);
    expect(byRole('Input').Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(byRole('Output').Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  });

  it('keep work objects for 30 days, longer than a run can be redriven, and answers of queries for 7', () => {
    const answers = { Id: 'expire-answers', Prefix: 'athena-results/', ExpirationInDays: 7 };
    expect(rulesOf('Work')).toEqual([{ Id: 'expire', ExpirationInDays: 30 }, answers, abort, forget]);
  });

  it('tell EventBridge what is dropped into the input, and of no other bucket', () => {
    expect(byRole('Input').Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    expect(byRole('Work').Properties.NotificationConfiguration).toBeUndefined();
    expect(byRole('Output').Properties.NotificationConfiguration).toBeUndefined();
  });

  it('bring no custom resource with them', () => {
    expect(Object.keys(template.findResources('Custom::S3BucketNotifications'))).toEqual([]);
    expect(Object.keys(template.findResources('AWS::CloudFormation::CustomResource'))).toEqual([]);
  });
});

describe('buckets that are brought by name', () => {
  const brought = Template.fromStack(
    makeStack({
      'modemap:inputBucket': 'my-input',
      'modemap:workBucket': 'my-work',
      'modemap:outputBucket': 'my-output',
    }).stack,
  );

  it('are used as they are: the stack holds no bucket, no policy and no notification of theirs', () => {
    expect(brought.findResources('AWS::S3::Bucket')).toEqual({});
    expect(brought.findResources('AWS::S3::BucketPolicy')).toEqual({});
  });

  it('are what the rule listens to and the functions work on', () => {
    expect(() => {
      brought.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { source: ['aws.s3'], detail: { bucket: { name: ['my-input'] } } },
      });
      brought.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { INPUT_BUCKET: 'my-input', WORK_BUCKET: 'my-work', OUTPUT_BUCKET: 'my-output' } },
      });
      brought.hasOutput('OutputBucket', { Value: 'my-output' });
    }).not.toThrow();
  });
});

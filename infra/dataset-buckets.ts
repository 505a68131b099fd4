import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeCheckov } from './acknowledge.ts';
import { ANSWERS_PREFIX } from './catalog.ts';
import type { Context } from './context.ts';

/** An object overwritten or deleted by mistake can be had back for so long. */
const NONCURRENT_DAYS = 30;
const ACCESS_LOG_DAYS = 90;
/** Answers of queries hold values of the data; whoever needs one longer keeps a copy. */
const ANSWER_DAYS = 7;

/**
 * The three buckets of a deployment: input (read only for us), work (expires), output. Each is either ours or brought
 * by name; a brought one is used as it is, nothing of it is changed.
 */
export class DatasetBuckets extends Construct {
  readonly input: IBucket;
  readonly work: IBucket;
  readonly output: IBucket;
  #accessLogs: Bucket | undefined;

  constructor(scope: Construct, id: string, context: Context) {
    super(scope, id);
    this.input = this.#broughtOr('Input', context.inputBucket, { versioned: true });
    this.work = this.#broughtOr('Work', context.workBucket, {
      lifecycleRules: [
        { id: 'expire', expiration: Duration.days(context.workDays) },
        { id: 'expire-answers', prefix: ANSWERS_PREFIX, expiration: Duration.days(ANSWER_DAYS) },
      ],
    });
    this.output = this.#broughtOr('Output', context.outputBucket, { versioned: true });
  }

  #broughtOr(role: 'Input' | 'Work' | 'Output', name: string | undefined, props: BucketProps): IBucket {
    if (name !== undefined) return Bucket.fromBucketName(this, role, name);
    const bucket = this.#create(role, {
      ...props,
      serverAccessLogsBucket: this.#logs(),
      serverAccessLogsPrefix: `${role.toLowerCase()}/`,
    });
    if (role === 'Input') sendEvents(bucket);
    if (!props.versioned) {
      acknowledgeCheckov(bucket, { CKV_AWS_21: 'work objects are written once, never replaced, and expire' });
    }
    return bucket;
  }

  #logs(): Bucket {
    if (this.#accessLogs) return this.#accessLogs;
    const logs = this.#create('AccessLogs', {
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    acknowledge(logs, { 'AwsSolutions-S1': 'the bucket that receives access logs would log its own logging' });
    acknowledgeCheckov(logs, {
      CKV_AWS_18: 'the bucket that receives access logs would log its own logging',
      CKV_AWS_21: 'S3 writes each log object once; they expire',
    });
    this.#accessLogs = logs;
    return logs;
  }

  #create(id: string, { lifecycleRules = [], ...props }: BucketProps): Bucket {
    return new Bucket(this, id, {
      ...props,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        ...lifecycleRules,
        { id: 'abort-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        {
          id: 'forget-noncurrent',
          noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS),
          expiredObjectDeleteMarker: true,
        },
      ],
    });
  }
}

/** The property itself: `eventBridgeEnabled` would bring a custom resource with a function and a managed policy. */
function sendEvents(bucket: Bucket): void {
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeCheckov } from './acknowledge.ts';

/** A queue as all of ours are: encrypted, TLS only. */
export function secureQueue(scope: Construct, id: string, props: QueueProps): Queue {
  const queue = new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
  acknowledgeCheckov(queue, { CKV_AWS_27: 'encrypted with the key that SQS keeps; the check knows KMS keys only' });
  return queue;
}

/** Where messages go that nobody could handle: kept as long as SQS keeps anything. */
export function deadLetters(scope: Construct, id: string): Queue {
  const queue = secureQueue(scope, id, { retentionPeriod: Duration.days(14) });
  acknowledge(queue, { 'AwsSolutions-SQS3': 'this is where messages end: an alarm watches it' });
  return queue;
}

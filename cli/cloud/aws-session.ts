import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { type DeployedStack, findStack } from './find-stack.ts';

/** A deployed stack and what it is talked to with; Region and credentials are those of the environment. */
export class AwsSession {
  readonly stack: DeployedStack;
  readonly lambda = new LambdaClient();
  readonly stepFunctions = new SFNClient();
  readonly s3: S3Client = makeS3Client();
  readonly input: S3Store;
  readonly work: S3Store;
  readonly output: S3Store;

  private constructor(stack: DeployedStack) {
    this.stack = stack;
    this.input = new S3Store({ client: this.s3, bucket: stack.inputBucket });
    this.work = new S3Store({ client: this.s3, bucket: stack.workBucket });
    this.output = new S3Store({ client: this.s3, bucket: stack.outputBucket });
  }

  /** @throws {ConfigurationError} without credentials, Region or stack */
  static async open(stackName: string): Promise<AwsSession> {
    return new AwsSession(await findStack(new CloudFormationClient(), stackName));
  }
}

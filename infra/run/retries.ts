import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { StoreUnavailableError } from '../../shared/contract/errors.ts';

const withJitter = { backoffRate: 2, maxDelay: Duration.seconds(60), jitterStrategy: JitterType.FULL };

/**
 * What is tried again, by the name of the error. Everything else is permanent: it fails the state at once, and no
 * state catches it, because a caught state cannot be redriven.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export const RETRIES: readonly RetryProps[] = [
  {
    // more work than the account has free concurrency: it will be free again
    errors: ['Lambda.TooManyRequestsException'],
    interval: Duration.seconds(1),
    maxAttempts: 60,
    ...withJitter,
  },
  {
    errors: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.ClientExecutionTimeoutException',
      // a version that nobody called for weeks is loaded again
      'Lambda.ResourceNotReadyException',
      new StoreUnavailableError('').name,
    ],
    interval: Duration.seconds(2),
    maxAttempts: 6,
    ...withJitter,
  },
  {
    // the worker died: once may be chance, three times is the partition
    errors: ['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout', 'States.Timeout'],
    interval: Duration.seconds(2),
    maxAttempts: 2,
    ...withJitter,
  },
];

import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Waiting for a byte longer than this means that the connection is dead. */
const SOCKET_TIMEOUT_MS = 20_000;
const CONNECTION_TIMEOUT_MS = 3_000;
const ATTEMPTS = 5;
const SOCKETS = 64;

/**
 * The S3 client that {@link S3Store} expects: the SDK's standard retries (exponential with full jitter, bounded by a
 * token bucket) for requests that got no answer or a transient one. What 409 and 412 mean is the store's to say.
 *
 * @param overrides region, endpoint, credentials
 */
export function makeS3Client(overrides: S3ClientConfig = {}): S3Client {
  return new S3Client({
    retryMode: 'standard',
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      httpsAgent: { maxSockets: SOCKETS },
    },
    ...overrides,
  });
}

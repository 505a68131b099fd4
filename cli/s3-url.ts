import { ConfigurationError } from '../shared/contract/errors.ts';

/** A place in S3. */
export interface S3Place {
  bucket: string;
  /** without a slash at either end; empty: the whole bucket */
  key: string;
}

export const isS3 = (argument: string) => argument.startsWith('s3://');

/**
 * Take `s3://bucket/key` apart.
 *
 * @param what the argument's name, for the message
 * @throws {ConfigurationError} if it names no bucket
 */
export function parseS3Url(url: string, what: string): S3Place {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/+(.*?))?\/*$/s.exec(url);
  if (!match) throw new ConfigurationError(`${what} must be s3://BUCKET/KEY, got ${url}`);
  return { bucket: match[1], key: match[2] ?? '' };
}

/** The way back. */
export const s3UrlOf = ({ bucket, key }: S3Place) => (key === '' ? `s3://${bucket}` : `s3://${bucket}/${key}`);

import { ConfigurationError } from '../../shared/contract/errors.ts';
import { parseS3Url } from '../s3-url.ts';
import type { DeployedStack } from './find-stack.ts';

/**
 * The dataset that `s3://INPUT_BUCKET/DATASET` means; a file at the root of the bucket is one named by its stem.
 *
 * @throws {ConfigurationError} if it is another bucket than the stack's, or no first-level folder
 */
export function datasetOf(url: string, { name, inputBucket }: Pick<DeployedStack, 'name' | 'inputBucket'>): string {
  const { bucket, key } = parseS3Url(url, 'INPUT');
  if (bucket !== inputBucket) {
    throw new ConfigurationError(
      `INPUT must lie in the input bucket of stack ${name}, s3://${inputBucket}, got ${url}; copy it there, or name another stack with --stack`,
    );
  }
  if (key === '' || key.includes('/')) {
    throw new ConfigurationError(
      `INPUT must be a dataset, a first-level folder such as s3://${bucket}/${key.split('/')[0] || 'trips'}, got ${url}`,
    );
  }
  return key.replace(/\.parquet$/i, '');
}

import { StoreRefusedError, StoreUnavailableError, UnreadableInputError } from '../../shared/contract/errors.ts';

/** The parts of the SDK's and of Node's errors that say what happened. */
interface ForeignError extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const TRANSIENT_NAMES = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'InternalError',
  'ServiceUnavailable',
  'OperationAborted',
]);

const TRANSIENT_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EMFILE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const REFUSED_NAMES: Record<string, string> = {
  NoSuchBucket: 'the bucket does not exist; check its name',
  CredentialsProviderError: 'no AWS credentials were found; configure them',
  ExpiredToken: 'the AWS credentials have expired; renew them',
  PermanentRedirect: "the bucket lies in another region; use the bucket's region",
  AuthorizationHeaderMalformed: "the bucket lies in another region; use the bucket's region",
  EntityTooLarge: 'the object is larger than S3 accepts; use smaller partitions',
};

/** HTTP status of a failed request, or undefined where none was answered. */
export const statusOf = (error: unknown) => (error as ForeignError | null)?.$metadata?.httpStatusCode;

/** Name of a failed request's error, as S3 gives it. */
export const nameOf = (error: unknown) => (error as ForeignError | null)?.name ?? '';

/** S3 had another conditional write of the key in hand; says nothing of who won. */
export const isConflict = (error: unknown) => statusOf(error) === 409 || nameOf(error) === 'ConditionalRequestConflict';

/** The condition of the request did not hold. */
export const isPreconditionFailed = (error: unknown) =>
  statusOf(error) === 412 || nameOf(error) === 'PreconditionFailed';

/** The SDK repeats requests; a body that breaks off after the answer began is for the caller to ask for again. */
export class BrokenBodyError extends Error {
  override readonly name = 'BrokenBodyError';
}

/** ETags come in quotes, from some services without. */
export const unquoted = (etag = '') => etag.replace(/^"|"$/g, '');

/** True for what may succeed when it is tried again: throttling, 5xx, time-outs, the network. */
export function isTransient(error: unknown): boolean {
  if (error instanceof BrokenBodyError || isConflict(error)) return true;
  const status = statusOf(error) ?? 0;
  if (status >= 500 || status === 429) return true;
  if (TRANSIENT_NAMES.has(nameOf(error))) return true;
  return hasTransientCode(error);
}

/**
 * Translate an error of an S3 request that means the same for every operation; unknown ones are passed on as they are.
 *
 * @param what `s3://bucket/key`
 * @param action "read", "written" or "removed"
 */
export function s3Error(error: unknown, what: string, action: 'read' | 'written' | 'removed'): unknown {
  const message = (error as Error | null)?.message;
  const name = statusOf(error) === 301 ? 'PermanentRedirect' : nameOf(error);
  if (name === 'InvalidObjectState') {
    return new UnreadableInputError(
      `${what} is archived; restore it, or move it to a storage class that is read at once`,
      {
        cause: error,
      },
    );
  }
  const refused =
    REFUSED_NAMES[name] ??
    (name.startsWith('KMS.') ? `its key cannot be used (${message}); check the KMS key` : undefined);
  if (refused) return new StoreRefusedError(`${what} cannot be ${action}: ${refused}`, { cause: error });
  if (isTransient(error)) {
    return new StoreUnavailableError(`${what} cannot be ${action} now: ${name}: ${message}`, { cause: error });
  }
  if (statusOf(error) === 401 || statusOf(error) === 403) {
    const advice = `${name}: ${message}; check the rights on the bucket and the key`;
    return new StoreRefusedError(`${what} cannot be ${action}: ${advice}`, { cause: error });
  }
  return error;
}

/** Node puts the code on the error or, where several addresses were tried, on its causes. */
function hasTransientCode(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (TRANSIENT_CODES.has((error as ForeignError).code ?? '')) return true;
  if (error instanceof AggregateError) return error.errors.some(hasTransientCode);
  return hasTransientCode(error.cause);
}

import { isTransient, nameOf } from '../../functions/adapters/s3-errors.ts';
import { ConfigurationError, ModemapError, StoreUnavailableError } from '../../shared/contract/errors.ts';

const REFUSED_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError)$/;

/** Whether AWS said that these credentials may not ask that. */
export const isDenied = (error: unknown) => error instanceof ConfigurationError && DENIED.test(nameOf(error.cause));

/**
 * Ask AWS something; what the user can mend is said in a line.
 *
 * @param what the question, as it stands in "... is not allowed", e.g. `describing stack modemap`
 * @throws {ConfigurationError} without credentials, Region or the right to ask
 * @throws {StoreUnavailableError} if AWS does not answer
 */
export async function askAws<T>(what: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw inUsersTerms(error, what);
  }
}

function inUsersTerms(error: unknown, what: string): unknown {
  if (!(error instanceof Error) || error instanceof ModemapError) return error;
  const name = nameOf(error);
  const { message } = error;
  const refuse = (text: string) => new ConfigurationError(text, { cause: error });
  if (/^Region is missing/.test(message)) {
    return refuse('an AWS Region must be set, none is; set AWS_REGION, or a region in ~/.aws/config');
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return refuse(
      `AWS credentials must be configured, none can be used: ${message}; see aws configure, or set AWS_PROFILE`,
    );
  }
  if (REFUSED_CREDENTIALS.has(name)) {
    return refuse(`AWS credentials must be valid, AWS refuses them: ${name}: ${message}; renew them (aws sso login)`);
  }
  if (DENIED.test(name)) return refuse(`${what} must be allowed to these credentials: ${name}: ${message}`);
  if (isTransient(error)) {
    return new StoreUnavailableError(`${what}: AWS must answer, got ${name}: ${message}; check Region and network`, {
      cause: error,
    });
  }
  return error;
}

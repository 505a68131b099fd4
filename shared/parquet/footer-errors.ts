import { UnreadableInputError } from '../contract/errors.ts';

/** @param what what is wrong in the object, a clause */
export function unreadable(key: string, what: string, cause?: unknown): UnreadableInputError {
  return new UnreadableInputError(`${key} is not a readable Parquet file: ${what}; replace it or take it out`, {
    cause,
  });
}

export function encrypted(key: string): UnreadableInputError {
  return new UnreadableInputError(`${key} is encrypted, modemap cannot read it; decrypt it first`);
}

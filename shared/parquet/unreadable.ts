import { UnreadableInputError } from '../contract/errors.ts';

/** @param what what is wrong in the object, a clause */
export function unreadable(key: string, what: string, cause?: unknown): UnreadableInputError {
  const message = `${key} is not a readable Parquet file: ${oneLine(what)}; replace it or take it out`;
  return new UnreadableInputError(message, { cause });
}

export function encrypted(key: string): UnreadableInputError {
  return new UnreadableInputError(`${key} is encrypted, modemap cannot read it; decrypt it first`);
}

/** @param what why the column's pages do not decode, a clause */
export function undecodable(column: string, key: string, what: string, cause?: unknown): UnreadableInputError {
  const message = `column ${oneLine(column)} of ${key} does not decode: ${oneLine(what)}; the file is damaged, replace it or take it out`;
  return new UnreadableInputError(message, { cause });
}

/** Names in a damaged file and messages of a decoder may hold anything, of any length; a message of ours is one line. */
function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}

import type { ReadRange } from '../../shared/store/object-store.ts';

/**
 * Refuse keys that would not mean the same in every store, or that would leave a folder.
 *
 * @throws {RangeError} if a segment is empty, `.` or `..`, or if the key holds NUL
 */
export function requireKey(key: string): void {
  if (key.includes('\0')) throw new RangeError(`key must not hold NUL, got ${JSON.stringify(key)}`);
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new RangeError(`key must be relative, without empty, "." or ".." segments, got ${JSON.stringify(key)}`);
  }
}

/** Like {@link requireKey}, for the beginning of a key: empty, or ending anywhere in a segment. */
export function requirePrefix(prefix: string): void {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') requireKey(folder.slice(0, -1));
  if (prefix.includes('\0')) throw new RangeError(`prefix must not hold NUL, got ${JSON.stringify(prefix)}`);
}

/**
 * Refuse ranges that are none, before a byte is asked for.
 *
 * @throws {RangeError} if `start` and `end` are not integers with 0 <= start <= end
 */
export function requireRange(key: string, { start, end }: ReadRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new RangeError(`range of ${key} must be integers with 0 <= start <= end, got ${start}..${end}`);
  }
}

/** What a read answers where the object is shorter than the range: never fewer bytes. */
export function beyondEnd(key: string, end: number, sizeBytes: number): RangeError {
  return new RangeError(`range of ${key} must end within its ${sizeBytes} bytes, got end ${end}`);
}

/** How every store says that a pinned object is another one now. */
export const changedMessage = (key: string) => `${key} changed while the run was reading it; run again`;

/** How every store says that an object that was listed is there no more. */
export const goneMessage = (key: string) => `${key} is gone since it was listed; run again`;

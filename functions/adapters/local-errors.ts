import { InputChangedError, StoreRefusedError, StoreUnavailableError } from '../../shared/contract/errors.ts';
import { goneMessage } from './store-key.ts';

const UNAVAILABLE = new Set(['EMFILE', 'ENFILE', 'EIO', 'ETIMEDOUT', 'EAGAIN', 'EBUSY', 'ESTALE', 'ENOMEM']);

const WRITE_REFUSED: Record<string, string> = {
  ENOSPC: 'no space is left on the device; free some, or write to another folder',
  EDQUOT: 'the disk quota is used up; free some space, or write to another folder',
  EROFS: 'the file system is read-only; write to another folder',
  EACCES: 'permission denied; allow writing, or write to another folder',
  EPERM: 'the operation is not permitted; allow writing, or write to another folder',
  // of mkdir: link's own is an outcome, not an error
  EEXIST: 'a file stands where a folder must be; move it, or write to another folder',
  ENOTDIR: 'a file stands where a folder must be; move it, or write to another folder',
  EISDIR: 'a folder stands where the file must be; move it, or write to another folder',
  ENOENT: 'its folder was removed meanwhile; run again and leave it in place',
  ENAMETOOLONG: 'the path is too long; write to a folder with a shorter path',
  EFBIG: 'the file system does not hold files of that size; write to another folder',
};

const READ_REFUSED: Record<string, string> = {
  EACCES: 'permission denied; allow reading and run again',
  EPERM: 'the operation is not permitted; allow reading and run again',
};

/** The `code` of a Node file system error, or undefined. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** True where a path leads to nothing: the object does not exist. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(codeOf(error) ?? '');
}

/** Translate an error met while reading the object `key` at `path`; unknown ones are passed on as they are. */
export function readError(error: unknown, key: string, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (isAbsent(error) || code === 'EISDIR') return new InputChangedError(goneMessage(key), { cause: error });
  if (code in READ_REFUSED) {
    return new StoreRefusedError(`${path} cannot be read: ${READ_REFUSED[code]}`, { cause: error });
  }
  return unavailable(error, code, `${path} cannot be read`);
}

/** Translate an error met while writing at `path`; unknown ones are passed on as they are. */
export function writeError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code in WRITE_REFUSED) {
    return new StoreRefusedError(`${path} cannot be written: ${WRITE_REFUSED[code]}`, { cause: error });
  }
  return unavailable(error, code, `${path} cannot be written`);
}

function unavailable(error: unknown, code: string, what: string): unknown {
  if (!UNAVAILABLE.has(code)) return error;
  return new StoreUnavailableError(`${what} now: ${(error as Error).message}`, { cause: error });
}

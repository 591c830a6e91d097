import { LatticeError } from '../../src-shared/errors.ts';

/** A failure of the file system as an error that a person can act on; a `LatticeError` stays what it is. */
export function fileError(error: unknown, path: string): LatticeError {
  if (error instanceof LatticeError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const failed = (message: string, hint: string) =>
    new LatticeError('io_failed', message, { hint, details: { path, reason: code }, cause: error });
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return failed(`The disk is full: ${path} was not written.`, 'Make room on the disk and try again.');
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return failed(`${path} cannot be written or read here (${code}).`, 'Check who owns the board folder.');
    case 'EMFILE':
    case 'ENFILE':
      return failed(`Too many files are open to open ${path}.`, 'Close other programs and try again.');
    case 'ENOLCK':
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
      return new LatticeError('unsupported', `The file system of ${path} has no locks.`, {
        hint: 'Keep the board on a local disk.',
        cause: error,
      });
    case 'ELOOP':
      return new LatticeError('unsafe', `${path} is a symbolic link, which a board must not contain.`, {
        hint: 'Replace the link with the file it points to.',
        cause: error,
      });
    default:
      return failed(
        `${path}: ${error instanceof Error ? error.message : String(error)}.`,
        'Check the board folder.',
      );
  }
}

/** Whether a file or folder was not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

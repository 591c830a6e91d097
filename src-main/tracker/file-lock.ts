import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { loadKoffi } from '../system/koffi.ts';
import { tryLockFileWindows } from './file-lock-windows.ts';

/** Whether others may hold the same lock beside us. */
export type LockMode = 'exclusive' | 'shared';

/** Gives a lock free. */
export type Unlock = () => void;

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;

interface Flock {
  flock(fd: number, operation: number): number;
  errno(): number;
  /** What `errno` is while another process holds the lock. */
  held: number | undefined;
  interrupted: number | undefined;
}

let posix: Flock | undefined;

/**
 * Takes the advisory lock of a file at once, creating the file, or answers `undefined` while somebody else holds it. The lock is the
 * same one that `flock(2)` (`LockFileEx` on Windows) gives every other program, and the system frees it when the process dies.
 * @throws what the file system says when the file cannot be opened or locked.
 */
export function tryLockFile(path: string, mode: LockMode): Unlock | undefined {
  return process.platform === 'win32' ? tryLockFileWindows(path, mode) : tryLockFilePosix(path, mode);
}

function tryLockFilePosix(path: string, mode: LockMode): Unlock | undefined {
  posix ??= loadFlock();
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  let locked = false;
  try {
    locked = takeFlock(posix, fd, path, mode) && isStill(fd, path);
  } finally {
    if (!locked) closeSync(fd);
  }
  // Closing the only descriptor of the open file gives its lock free.
  return locked ? () => closeSync(fd) : undefined;
}

function takeFlock(api: Flock, fd: number, path: string, mode: LockMode): boolean {
  for (;;) {
    if (api.flock(fd, (mode === 'shared' ? LOCK_SH : LOCK_EX) | LOCK_NB) === 0) return true;
    const errno = api.errno();
    if (errno === api.held) return false;
    if (errno !== api.interrupted)
      throw Object.assign(new Error(`flock ${path} failed (errno ${errno})`), { errno, code: 'ENOLCK' });
  }
}

/** A program that unlinks its lock file on release may have done so between our open and our lock. */
function isStill(fd: number, path: string): boolean {
  const ours = fstatSync(fd);
  const there = statSync(path, { throwIfNoEntry: false });
  return there?.ino === ours.ino && there.dev === ours.dev;
}

function loadFlock(): Flock {
  const koffi = loadKoffi();
  const call = koffi.load(null).func('int flock(int fd, int operation)');
  return {
    flock: (fd, operation) => Number(call(fd, operation)),
    errno: () => koffi.errno(),
    held: koffi.os.errno.EWOULDBLOCK ?? koffi.os.errno.EAGAIN,
    interrupted: koffi.os.errno.EINTR,
  };
}

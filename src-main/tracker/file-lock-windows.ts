import { loadKoffi } from '../system/koffi.ts';
import type { LockMode, Unlock } from './file-lock.ts';

const GENERIC_READ_WRITE = 0xc0_00_00_00;
const SHARE_READ_WRITE_DELETE = 7;
const OPEN_ALWAYS = 4;
const FLAG_OPEN_REPARSE_POINT = 0x00_20_00_00;
const FAIL_IMMEDIATELY = 1;
const EXCLUSIVE_LOCK = 2;
const ERROR_LOCK_VIOLATION = 33;
const OVERLAPPED_BYTES = 32;

interface Kernel {
  open(path: string): unknown;
  /** 0, or the system's error code. */
  lock(handle: unknown, flags: number): number;
  close(handle: unknown): void;
}

let kernel: Kernel | undefined;

/** The Windows half of {@link tryLockFile}: byte 0 of the file, as Python's `filelock` takes it. */
export function tryLockFileWindows(path: string, mode: LockMode): Unlock | undefined {
  kernel ??= loadKernel();
  const api = kernel;
  const handle = api.open(path);
  const error = api.lock(handle, FAIL_IMMEDIATELY | (mode === 'exclusive' ? EXCLUSIVE_LOCK : 0));
  if (error === 0) return () => api.close(handle);
  api.close(handle);
  if (error === ERROR_LOCK_VIOLATION) return undefined;
  throw Object.assign(new Error(`LockFileEx ${path} failed (error ${error})`), { code: 'ENOLCK' });
}

function loadKernel(): Kernel {
  const lib = loadKoffi().load('kernel32.dll');
  const createFile = lib.func('__stdcall', 'CreateFileW', 'intptr_t', [
    'str16',
    'uint32',
    'uint32',
    'void *',
    'uint32',
    'uint32',
    'intptr_t',
  ]);
  const lockFile = lib.func('__stdcall', 'LockFileEx', 'int', [
    'intptr_t',
    'uint32',
    'uint32',
    'uint32',
    'uint32',
    'void *',
  ]);
  const closeHandle = lib.func('__stdcall', 'CloseHandle', 'int', ['intptr_t']);
  const lastError = lib.func('__stdcall', 'GetLastError', 'uint32', []);
  return {
    open(path) {
      const access = GENERIC_READ_WRITE;
      const handle: unknown = createFile(
        path,
        access,
        SHARE_READ_WRITE_DELETE,
        null,
        OPEN_ALWAYS,
        FLAG_OPEN_REPARSE_POINT,
        0,
      );
      if (Number(handle) === -1)
        throw Object.assign(new Error(`CreateFile ${path} failed (error ${Number(lastError())})`), {
          code: 'EACCES',
        });
      return handle;
    },
    lock: (handle, flags) =>
      Number(lockFile(handle, flags, 0, 1, 0, Buffer.alloc(OVERLAPPED_BYTES))) === 0
        ? Number(lastError())
        : 0,
    close: (handle) => void closeHandle(handle),
  };
}

import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { GLOBAL_ACCOUNT, HOME_ACCOUNT } from './accounts.ts';

/** The folder of an account in a store of JetStream. */
export function accountFolder(storeDir: string, account: string): string {
  return join(storeDir, 'jetstream', account);
}

/**
 * Gives what the hub's own lattice has stored to the account it runs under from now on; the hub must not run.
 * One rename does it, so a crash leaves it under the old name or the new one. Resolves with what a person should know.
 * @throws LatticeError `io_failed` when the folder cannot be moved.
 */
export async function moveToAccount(storeDir: string, account: string): Promise<string[]> {
  const other = account === HOME_ACCOUNT ? GLOBAL_ACCOUNT : HOME_ACCOUNT;
  const from = accountFolder(storeDir, other);
  const to = accountFolder(storeDir, account);
  try {
    if (!(await hasStreams(from))) return [];
    if (await hasStreams(to))
      return [
        `Another version of Lattice, or other settings, left data in ${from}. It is not shown: this hub uses ${to}.`,
      ];
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
    return [];
  } catch (error) {
    throw new LatticeError('io_failed', `The data of the hub cannot be moved from ${from} to ${to}.`, {
      hint: 'Check that the folder can be written, then start the hub again. Nothing was lost.',
      cause: error,
    });
  }
}

async function hasStreams(folder: string): Promise<boolean> {
  try {
    return (await readdir(join(folder, 'streams'))).length > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

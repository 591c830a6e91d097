import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import { DEFAULT_TEMPLATE } from './template-files.ts';

export interface InitResult {
  projectDir: string;
  /** What was written, by path in the project. */
  written: string[];
  /** What was there already and is unchanged. */
  kept: string[];
}

/**
 * Writes the default template into a folder, which is made when it is missing. A file that is there stays as it is
 * unless `force` is set.
 * @throws LatticeError `conflict` when there is a lattice.yaml and no `force`; `unsafe` when a link leads out of the
 * folder; `io_failed`.
 */
export async function initProject(dir: string, options: { force?: boolean } = {}): Promise<InitResult> {
  const force = options.force ?? false;
  const result: InitResult = { projectDir: resolve(dir), written: [], kept: [] };
  try {
    await mkdir(result.projectDir, { recursive: true });
    const root = await realpath(result.projectDir);
    if (!force && (await isThere(join(root, 'lattice.yaml'))))
      throw new LatticeError('conflict', `${join(result.projectDir, 'lattice.yaml')} is there already.`, {
        hint: 'Use --force to replace it and the demo agents.',
      });
    for (const [path, text] of Object.entries(DEFAULT_TEMPLATE)) {
      const written = await writeTemplateFile(root, path, text, force);
      (written ? result.written : result.kept).push(path);
    }
    return result;
  } catch (error) {
    if (error instanceof LatticeError) throw error;
    throw new LatticeError('io_failed', `The template cannot be written to ${result.projectDir}.`, {
      hint: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

async function writeTemplateFile(root: string, path: string, text: string, force: boolean): Promise<boolean> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  if (relative(await realpath(dirname(file)), dirname(file)) !== '')
    throw new LatticeError(
      'unsafe',
      `${dirname(path)} is a link to another folder; nothing was written through it.`,
    );
  if (force) {
    if (await isLink(file)) throw new LatticeError('unsafe', `${path} is a link; replace it by hand.`);
    await writeFileAtomic(file, text);
    return true;
  }
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isSymbolicLink(),
    () => false,
  );
}

import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../../src-shared/errors.ts';
import { readOwnFile } from '../own-file.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

/**
 * Writes the files of a workflow into a project. One that is there and differs is only replaced with `overwrite`, and the
 * old one is kept as `*.before-lattice`.
 * @throws LatticeError `conflict` before anything is written; `unsafe`, `io_failed`.
 */
export async function takeWorkflow(
  root: string,
  plan: WorkflowPlan,
  options: { overwrite: boolean },
): Promise<string[]> {
  const differing = plan.files.filter(({ kind }) => kind === 'differs').map(({ path }) => path);
  if (differing.length > 0 && !options.overwrite)
    throw new LatticeError('conflict', `${differing.join(', ')} is there already and differs.`, {
      hint: 'Take it into another folder, or use --overwrite: the old files are kept as *.before-lattice.',
    });
  const written: string[] = [];
  for (const { path, kind, text } of plan.files) {
    if (kind === 'same') continue;
    // Asked again right before the write: a link may have come since the plan was made.
    const there = await readOwnFile(root, path);
    const file = join(root, path);
    try {
      if (there !== undefined) await writeFileAtomic(`${file}.before-lattice`, await readFile(file));
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, text);
    } catch (error) {
      throw LatticeError.from(error, 'io_failed');
    }
    written.push(path);
  }
  return written;
}

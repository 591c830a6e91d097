import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Checkpoint } from './vcs.ts';

const checkpointSchema = z.object({
  number: z.int().min(1),
  kind: z.enum(['checkpoint', 'undo']),
  message: z.string(),
  time: z.string(),
  undid: z.int().optional(),
  workspace: z.string().optional(),
  /** The jj operation that has the state. */
  operation: z.string().regex(/^[0-9a-f]{8,}$/),
});

/** A checkpoint with the jj operation that has its state. */
export type JjCheckpoint = Checkpoint & { readonly operation: string };

/** The checkpoints of a jj repository: a file in its `.jj` folder that names the operation of each. */
export class JjCheckpoints {
  readonly #file: string;

  constructor(root: string) {
    this.#file = join(root, '.jj', 'lattice', 'checkpoints.json');
  }

  /** The newest first. @throws LatticeError `io_failed` when the file cannot be read as what it is. */
  async list(): Promise<JjCheckpoint[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]';
      throw error;
    });
    try {
      return z.array(checkpointSchema).parse(JSON.parse(text));
    } catch (cause) {
      throw new LatticeError('io_failed', `${this.#file} is not a list of checkpoints.`, {
        hint: 'Move it away; jj op log still has every state.',
        cause,
      });
    }
  }

  async add(made: Omit<JjCheckpoint, 'number' | 'time'>): Promise<JjCheckpoint> {
    const known = await this.list();
    const added = { ...made, number: (known[0]?.number ?? 0) + 1, time: new Date().toISOString() };
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFileAtomic(this.#file, `${JSON.stringify([added, ...known], null, 2)}\n`);
    return added;
  }
}

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';

/** Definitions of one name that are remembered; older ones count as new when they come back. */
const MAX_PER_NAME = 16;

const fileSchema = z.object({
  version: z.literal(1),
  agents: z.record(z.string(), z.record(z.string(), z.iso.datetime())),
});

/** Remembers when this station first offered each definition, by name and digest, in `agents.json` of the data folder. */
export class Registrations {
  readonly #dataDir: string;
  readonly #now: () => Date;
  #agents = new Map<string, Map<string, string>>();
  #changed = false;

  constructor(options: { dataDir: string; now: () => Date }) {
    this.#dataDir = options.dataDir;
    this.#now = options.now;
  }

  /** Reads the file; a missing one is empty. @throws LatticeError `io_failed` when it is there but not readable. */
  async load(): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      throw new LatticeError('io_failed', `${this.#file} cannot be read.`, { cause: error });
    }
    try {
      const { agents } = fileSchema.parse(JSON.parse(text));
      this.#agents = new Map(
        Object.entries(agents).map(([name, times]) => [name, new Map(Object.entries(times))]),
      );
    } catch (error) {
      throw new LatticeError('io_failed', `${this.#file} is damaged; agents count as newly registered.`, {
        cause: error,
      });
    }
  }

  /** When this definition was first offered; now, when it is new. */
  timeOf(name: string, digest: string): string {
    const times = this.#agents.get(name) ?? new Map<string, string>();
    this.#agents.set(name, times);
    const known = times.get(digest);
    if (known !== undefined) return known;
    const time = this.#now().toISOString();
    times.set(digest, time);
    for (const old of [...times.keys()].slice(0, -MAX_PER_NAME)) times.delete(old);
    this.#changed = true;
    return time;
  }

  /** Writes what is new, atomically. @throws LatticeError `io_failed`; the times stay in memory and are tried again. */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const agents = Object.fromEntries(
      [...this.#agents].map(([name, times]) => [name, Object.fromEntries(times)]),
    );
    try {
      await mkdir(this.#dataDir, { recursive: true });
      await writeFileAtomic(this.#file, `${JSON.stringify({ version: 1, agents }, null, 2)}\n`);
      this.#changed = false;
    } catch (error) {
      throw new LatticeError('io_failed', `${this.#file} cannot be written.`, {
        hint: 'Agents look newly registered after a restart until the data folder is writable.',
        cause: error,
      });
    }
  }

  get #file(): string {
    return join(this.#dataDir, 'agents.json');
  }
}

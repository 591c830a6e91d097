import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { type Guest, guestSchema } from '../../src-shared/views/guest.ts';

const listSchema = z.object({ version: z.literal(1), lattices: z.array(guestSchema) });

/** The guest lattices of this host, in a file for its owner alone. */
export class GuestList {
  readonly #file: string;
  #guests: readonly Guest[];

  private constructor(file: string, guests: readonly Guest[]) {
    this.#file = file;
    this.#guests = guests;
  }

  /** Reads the list. @throws LatticeError `io_failed` for a damaged file: an empty one would lock every guest out. */
  static async open(file: string): Promise<GuestList> {
    try {
      return new GuestList(file, listSchema.parse(JSON.parse(await readFile(file, 'utf8'))).lattices);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new GuestList(file, []);
      throw new LatticeError('io_failed', `The guest lattices of this hub cannot be read from ${file}.`, {
        hint: 'Restore the file, or move it away; lattice hub add with the same org brings a lattice back.',
        cause: error,
      });
    }
  }

  get guests(): readonly Guest[] {
    return this.#guests;
  }

  /** Keeps this list from now on. @throws LatticeError `io_failed`; nothing is changed then. */
  async keep(guests: readonly Guest[]): Promise<void> {
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#file, JSON.stringify({ version: 1, lattices: guests }), { mode: 0o600 });
    } catch (error) {
      throw new LatticeError('io_failed', `The guest lattices could not be written to ${this.#file}.`, {
        hint: 'Make room on the disk or correct the permissions; nothing was changed.',
        cause: error,
      });
    }
    this.#guests = guests;
  }
}

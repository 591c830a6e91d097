import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import type { SecretsKept } from '../../src-shared/views/secrets.ts';
import { processSecrets } from './process-secrets.ts';
import type { Sealer } from './sealer.ts';

/** A secret as it was found, and whether its file is sealed by the keychain. */
export interface KeptSecret {
  value: string;
  sealed: boolean;
}

export interface SecretFilesOptions {
  /** What the app seals files with; the command line has none. */
  sealer?: Sealer | undefined;
  /** Where secrets shall be kept; in files without a sealer. */
  keep?: SecretsKept;
  /** Hears in words that a secret moved, or that it could not. */
  onMove?: (words: string, problem?: unknown) => void;
}

/** The name of the file that holds a secret sealed. */
export const sealedName = (file: string) => `${file}.sealed`;

/**
 * Secrets in files for their owner alone (0600): plain, or sealed by the keychain beside where the plain one would be.
 * Moving one writes the new file, reads it back, and removes the old one last, so that one good copy is there at any time.
 */
export class SecretFiles {
  readonly #sealer: Sealer | undefined;
  readonly #onMove: NonNullable<SecretFilesOptions['onMove']>;
  readonly #seen = new Set<string>();
  #keep: SecretsKept;

  constructor({ sealer, keep = 'keychain', onMove }: SecretFilesOptions = {}) {
    this.#sealer = sealer;
    this.#keep = keep;
    this.#onMove = onMove ?? (() => undefined);
  }

  /** Where secrets are kept now. */
  get kept(): SecretsKept {
    return this.#target() ? 'keychain' : 'files';
  }

  /** Where secrets are kept from now on, and moves those that this process has read. */
  async keepIn(place: SecretsKept): Promise<void> {
    if (place === this.#keep) return;
    this.#keep = place;
    for (const file of this.#seen) await this.read(file);
  }

  /**
   * The secret of a file, sealed or not, or undefined when there is none; one that is kept in the other place moves.
   * @throws LatticeError `unsupported` for a sealed one without a keychain, `auth_failed`, `conflict`, `io_failed`.
   */
  async read(file: string): Promise<KeptSecret | undefined> {
    const [plain, bytes] = await Promise.all([readIfThere(file), readIfThere(sealedName(file))]);
    const text = plain?.toString('utf8').trim();
    processSecrets.add(text);
    if (bytes === undefined)
      return text === undefined ? undefined : this.#settle(file, text, { plain: true });
    const opened = await this.#open(file, bytes, text !== undefined);
    if (opened === undefined || text === undefined)
      return this.#settle(file, opened ?? text ?? '', {
        sealed: opened !== undefined,
        plain: text !== undefined,
      });
    if (opened !== text)
      throw new LatticeError('conflict', `${file} and ${basename(sealedName(file))} hold different keys.`, {
        hint: 'Move the one away that this machine does not use any more.',
      });
    return this.#settle(file, text, { plain: true, sealed: true });
  }

  /** The secret of a file, or a new one that is kept from now on; processes that start at once agree on one. */
  async make(file: string, create: () => string): Promise<KeptSecret> {
    const found = await this.read(file);
    if (found) return found;
    const value = create();
    processSecrets.add(value);
    const sealer = this.#target();
    const target = sealer ? sealedName(file) : file;
    const draft = `${target}.${randomBytes(6).toString('hex')}`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(draft, sealer ? await sealer.seal(value) : value, { mode: 0o600, flush: true });
      await link(draft, target);
      this.#seen.add(file);
      return { value, sealed: sealer !== undefined };
    } catch (error) {
      const other = await this.read(file);
      if (other) return other;
      throw cannotKeep(file, error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Keeps another secret in the place of the old one. @throws LatticeError `io_failed`. */
  async replace(file: string, value: string): Promise<void> {
    processSecrets.add(value);
    try {
      const sealer = this.#target();
      if (sealer) await this.#writeSealed(sealer, file, value);
      else await writeFileAtomic(file, value, { mode: 0o600 });
      await rm(sealer ? file : sealedName(file), { force: true });
      this.#seen.add(file);
    } catch (error) {
      throw cannotKeep(file, error);
    }
  }

  /** Forgets a secret wherever it is kept. */
  async remove(file: string): Promise<void> {
    this.#seen.delete(file);
    await Promise.all([rm(file, { force: true }), rm(sealedName(file), { force: true })]);
  }

  #target(): Sealer | undefined {
    return this.#keep === 'keychain' ? this.#sealer : undefined;
  }

  async #open(file: string, bytes: Buffer, hasPlain: boolean): Promise<string | undefined> {
    if (this.#sealer === undefined) {
      if (hasPlain) return undefined;
      throw new LatticeError(
        'unsupported',
        `The key in ${sealedName(file)} is sealed by the keychain, which only the app can open.`,
        {
          hint: 'Open Settings in the app on this machine and keep secrets in files, or start this station in the app.',
        },
      );
    }
    try {
      const value = (await this.#sealer.open(bytes)).trim();
      processSecrets.add(value);
      return value;
    } catch (error) {
      if (hasPlain) return undefined;
      throw new LatticeError(
        'auth_failed',
        `${this.#sealer.name} cannot open ${sealedName(file)} any more.`,
        {
          hint: 'Unlock it and try again. If its key is lost, move the file away; this machine then joins again with a new link.',
          cause: error,
        },
      );
    }
  }

  /** Moves a secret to where secrets are kept; one that cannot be moved stays good where it is. */
  async #settle(
    file: string,
    value: string,
    found: { plain?: boolean; sealed?: boolean },
  ): Promise<KeptSecret> {
    this.#seen.add(file);
    const sealer = this.#target();
    const [here, there] = sealer ? [found.sealed, found.plain] : [found.plain, found.sealed];
    if (!there) return { value, sealed: found.sealed === true };
    const where = sealer ? sealer.name : 'A file for you alone';
    try {
      if (!here) {
        if (sealer) await this.#writeSealed(sealer, file, value);
        else await writePlain(file, value);
      }
      await rm(sealer ? file : sealedName(file), { force: true });
      this.#onMove(`${where} keeps ${basename(file)} from now on.`);
      return { value, sealed: sealer !== undefined };
    } catch (error) {
      this.#onMove(`${where} could not take ${basename(file)}; it stays where it is.`, error);
      return { value, sealed: found.plain !== true };
    }
  }

  async #writeSealed(sealer: Sealer, file: string, value: string): Promise<void> {
    const target = sealedName(file);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomic(target, await sealer.seal(value), { mode: 0o600 });
    const back = await sealer.open(await readFile(target)).catch(() => undefined);
    if (back === value) return;
    await rm(target, { force: true });
    throw new Error(`${sealer.name} did not give back what was sealed.`);
  }
}

async function writePlain(file: string, value: string): Promise<void> {
  await writeFileAtomic(file, value, { mode: 0o600 });
  if ((await readFile(file, 'utf8')) === value) return;
  await rm(file, { force: true });
  throw new Error('The file did not give back what was written.');
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new LatticeError('io_failed', `The key in ${file} cannot be read.`, { cause: error });
  }
}

function cannotKeep(file: string, cause: unknown): LatticeError {
  return new LatticeError('io_failed', `The key cannot be kept in ${file}.`, {
    hint: 'Check that the folder can be written.',
    cause,
  });
}

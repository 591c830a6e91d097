import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { tokenSchema } from '../../src-shared/protocol/token.ts';

const identitySchema = z.looseObject({
  station_id: tokenSchema,
  name: z.string().min(1).max(200),
  created_at: z.iso.datetime(),
});
type IdentityFile = z.infer<typeof identitySchema>;

export interface StationIdentity {
  readonly id: string;
  readonly name: string;
  /** What a person has to know about the file, for example that a corrupt one was set aside. */
  readonly notice?: string;
}

/**
 * Reads who this station is from `{dataDir}/station.json`, or makes it once: the id stays for ever, the name can change.
 * @throws LatticeError `io_failed` when the folder cannot be read or written.
 */
export async function loadIdentity(options: { dataDir: string; name: string }): Promise<StationIdentity> {
  const file = join(options.dataDir, 'station.json');
  try {
    await mkdir(options.dataDir, { recursive: true });
    const found = await read(file);
    if (found && 'station_id' in found) return { id: found.station_id, name: found.name };
    const made = await create(file, options.name);
    const notice = found ? { notice: `${found.notice} This machine is a new station now.` } : {};
    return { id: made.station_id, name: made.name, ...notice };
  } catch (error) {
    throw unusable(file, error);
  }
}

/**
 * Keeps a new name for this station; everything else in the file stays.
 * @throws LatticeError `invalid_input` for an unusable name, `io_failed` when the file cannot be written.
 */
export async function renameStation(dataDir: string, name: string): Promise<StationIdentity> {
  const { id } = await loadIdentity({ dataDir, name });
  if (!identitySchema.shape.name.safeParse(name).success)
    throw new LatticeError('invalid_input', 'A station name has 1 to 200 characters.');
  const file = join(dataDir, 'station.json');
  try {
    const kept = identitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
    await writeFileAtomic(file, text({ ...kept, name }));
    return { id, name };
  } catch (error) {
    throw unusable(file, error);
  }
}

async function read(file: string): Promise<IdentityFile | { notice: string } | undefined> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return identitySchema.parse(JSON.parse(content));
  } catch {
    const aside = `${file}.corrupt-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    await rename(file, aside);
    return { notice: `${file} was damaged and is kept as ${aside}.` };
  }
}

/** Two processes that start at once agree: the one that links first wins, the other reads it. */
async function create(file: string, name: string): Promise<IdentityFile> {
  const made = {
    station_id: ulid(),
    name: name.slice(0, 200) || 'station',
    created_at: new Date().toISOString(),
  };
  const draft = `${file}.${made.station_id}`;
  await writeFile(draft, text(made), { mode: 0o644 });
  try {
    await link(draft, file);
    return made;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      return identitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function text(value: IdentityFile): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function unusable(file: string, cause: unknown): LatticeError {
  if (cause instanceof LatticeError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LatticeError('io_failed', `The station identity ${file} cannot be used: ${why}.`, {
    hint: 'Check that the data folder exists and can be written.',
    cause,
  });
}

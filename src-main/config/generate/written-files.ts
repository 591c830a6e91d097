import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { LatticeError } from '../../../src-shared/errors.ts';
import { readOwnFile } from '../own-file.ts';
import { type GeneratedFile, jsonText } from './generated-files.ts';

/** Says which files are ours, and how we left them. */
const MANIFEST = '.opencode/lattice-generated.json';

const manifestSchema = z.object({ files: z.record(z.string(), z.string()) });

/** The only places that are ours to write; a manifest that came with foreign files cannot name others. */
const OURS =
  /^(opencode\.json|\.opencode\/oh-my-opencode\.json|\.opencode\/agents\/[A-Za-z0-9_-]{1,64}\.md)$/;

/**
 * What writing would do to a file: `foreign` is somebody else's, `edited` is ours and was changed by hand since,
 * `gone` is ours and not wanted any more.
 */
type ChangeKind = 'new' | 'changed' | 'same' | 'foreign' | 'edited' | 'gone';

export interface FileChange {
  path: string;
  kind: ChangeKind;
  /** A unified diff from what is there to what would be; empty when nothing changes. */
  diff: string;
  /** What would be there; nothing for a file that goes. */
  text: string | undefined;
}

/** What writing these files would change in a project. @throws LatticeError `unsafe`, `io_failed`. */
export async function compareFiles(root: string, files: readonly GeneratedFile[]): Promise<FileChange[]> {
  const ours = await readManifest(root);
  const changes: FileChange[] = [];
  for (const { path, text } of files) {
    const there = await readOwnFile(root, path);
    changes.push({ path, text, kind: kindOf(there, text, ours.get(path)), diff: diffOf(path, there, text) });
  }
  const wanted = new Set(files.map((file) => file.path));
  for (const [path, digest] of ours) {
    const there = wanted.has(path) ? undefined : await readOwnFile(root, path);
    if (there === undefined) continue;
    const kind = digestOf(there) === digest ? 'gone' : 'edited';
    changes.push({ path, text: undefined, kind, diff: diffOf(path, there, '') });
  }
  return changes;
}

/** Whether a change would take away what somebody else wrote. */
export function isInTheWay({ kind }: FileChange): boolean {
  return kind === 'foreign' || kind === 'edited';
}

/**
 * Writes what {@link compareFiles} found. A file in the way is only replaced with `force`, and kept as `*.before-lattice`.
 * @throws LatticeError `conflict` before anything is written; `io_failed`.
 */
export async function writeFiles(
  root: string,
  changes: readonly FileChange[],
  options: { force: boolean },
): Promise<void> {
  const blocked = changes.filter(isInTheWay);
  if (blocked.length > 0 && !options.force)
    throw new LatticeError('conflict', inTheWay(blocked), {
      hint: 'Move what you changed into lattice.yaml, or use --force: the old files are kept as *.before-lattice.',
    });
  try {
    for (const change of changes) await apply(root, change);
    const kept = changes.flatMap(({ path, text }) => (text === undefined ? [] : [[path, digestOf(text)]]));
    await mkdir(dirname(join(root, MANIFEST)), { recursive: true });
    await writeFileAtomic(join(root, MANIFEST), jsonText({ files: Object.fromEntries(kept) }));
  } catch (error) {
    throw LatticeError.from(error, 'io_failed');
  }
}

function inTheWay(changes: readonly FileChange[]): string {
  const names = (kind: ChangeKind) =>
    changes.flatMap((change) => (change.kind === kind ? [change.path] : []));
  const [foreign, edited] = [names('foreign'), names('edited')];
  return [
    ...(foreign.length > 0 ? [`${foreign.join(', ')} was not written by Lattice.`] : []),
    ...(edited.length > 0 ? [`${edited.join(', ')} was changed by hand since it was written.`] : []),
  ].join(' ');
}

async function apply(root: string, change: FileChange): Promise<void> {
  const { path, text, kind } = change;
  if (kind === 'same') return;
  const file = join(root, path);
  if (isInTheWay(change)) await writeFileAtomic(`${file}.before-lattice`, await readFile(file));
  if (text === undefined) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, text);
}

function kindOf(there: string | undefined, text: string, known: string | undefined): ChangeKind {
  if (there === undefined) return 'new';
  if (there === text) return 'same';
  if (known === undefined) return 'foreign';
  return digestOf(there) === known ? 'changed' : 'edited';
}

function diffOf(path: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(path, path, before ?? '', after, '', '', { context: 3 });
  return patch.slice(patch.indexOf('--- '));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readManifest(root: string): Promise<Map<string, string>> {
  const text = await readOwnFile(root, MANIFEST);
  if (text === undefined) return new Map();
  try {
    const { files } = manifestSchema.parse(JSON.parse(text));
    return new Map(Object.entries(files).filter(([path]) => OURS.test(path)));
  } catch (cause) {
    throw new LatticeError('io_failed', `${MANIFEST} is damaged, so it is not known which files are ours.`, {
      hint: 'Bring it back from version control, or remove it and use --force.',
      cause,
    });
  }
}

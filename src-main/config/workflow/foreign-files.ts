import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { list, type ReadEntry } from 'tar';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { WorkflowSource } from './workflow-source.ts';

/** Bounds of a workflow; it is text. */
const MAX_FILES = 2_000;
const MAX_FILE_BYTES = 1_048_576;
const MAX_BYTES = 20 * 1_048_576;
const CLONE_LIMIT_MS = 120_000;
const SKIPPED = new Set(['.git', 'node_modules', '.DS_Store']);

/** The text files of a workflow by path with `/`; links, devices, huge and binary files are left out and named. */
export interface ForeignFiles {
  files: ReadonlyMap<string, string>;
  left: { path: string; why: string }[];
  /** The commit, where there is one. */
  revision: string | undefined;
}

/**
 * Reads a workflow without running anything of it: no hooks, no filters, no submodules, no links.
 * @throws LatticeError `not_found`, `io_failed`, `too_large`, `timeout`, `runner_unavailable` without git.
 */
export async function readForeignFiles(source: WorkflowSource, signal?: AbortSignal): Promise<ForeignFiles> {
  if (source.kind === 'folder') return readFolder(source.path);
  if (source.kind === 'archive') return readArchive(source.path, { oneFolder: true });
  const scratch = await mkdtemp(join(tmpdir(), 'lattice-workflow-'));
  try {
    return await readRepository(source, scratch, signal);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

class Collected {
  readonly files = new Map<string, string>();
  readonly left: { path: string; why: string }[] = [];
  #bytes = 0;

  add(path: string, content: Buffer): void {
    if (content.includes(0)) {
      this.leave(path, 'not text');
      return;
    }
    this.#bytes += content.length;
    if (this.files.size >= MAX_FILES || this.#bytes > MAX_BYTES)
      throw new LatticeError('too_large', `A workflow has at most ${MAX_FILES} files and 20 MiB.`);
    this.files.set(path, content.toString('utf8'));
  }

  leave(path: string, why: string): void {
    if (this.left.length < MAX_FILES) this.left.push({ path, why });
  }

  get result(): ForeignFiles {
    return { files: this.files, left: this.left, revision: undefined };
  }
}

async function readFolder(root: string): Promise<ForeignFiles> {
  const found = new Collected();
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (!entry.isFile()) found.leave(path, entry.isSymbolicLink() ? 'a link' : 'not a file');
      else if ((await lstat(join(root, path))).size > MAX_FILE_BYTES) found.leave(path, 'larger than 1 MiB');
      else found.add(path, await readFile(join(root, path)));
    }
  };
  await walk('');
  return found.result;
}

/**
 * Reads an archive, which may have everything in one folder as hosts of repositories pack it. Entries are only read,
 * never extracted, so that no path of an archive ever meets the disk.
 */
async function readArchive(file: string, options: { oneFolder: boolean }): Promise<ForeignFiles> {
  const entries = new Map<string, Buffer>();
  const found = new Collected();
  let bytes = 0;
  const onReadEntry = (entry: ReadEntry) => {
    const path = entry.path.replace(/^\.\//, '');
    if (entry.type === 'Directory') return;
    bytes += entry.size;
    const why = whyLeft(path, entry, bytes);
    if (why !== undefined) {
      found.leave(path, why);
      return;
    }
    const parts: Buffer[] = [];
    entry.on('data', (part: Buffer) => parts.push(part));
    entry.on('end', () => entries.set(path, Buffer.concat(parts)));
  };
  try {
    await list({ file, onReadEntry, strict: true });
  } catch (cause) {
    throw new LatticeError('io_failed', `${file} cannot be read as an archive.`, { cause });
  }
  const isDeeper = options.oneFolder && !entries.has('lattice.yaml');
  const prefix = isDeeper ? `${[...entries.keys()][0]?.split('/')[0] ?? ''}/` : '';
  for (const [path, content] of entries)
    if (path.startsWith(prefix)) found.add(path.slice(prefix.length), content);
  return found.result;
}

function whyLeft(path: string, { type, size }: ReadEntry, total: number): string | undefined {
  if (type === 'SymbolicLink' || type === 'Link') return 'a link';
  if (type !== 'File' && type !== 'OldFile') return 'not a file';
  if (!isPlainPath(path)) return 'a path that leads out';
  return size > MAX_FILE_BYTES || total > MAX_BYTES ? 'too large' : undefined;
}

function isPlainPath(path: string): boolean {
  return !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..');
}

async function readRepository(
  source: Extract<WorkflowSource, { kind: 'git' }>,
  scratch: string,
  signal: AbortSignal | undefined,
): Promise<ForeignFiles> {
  const { url, ref, local } = source;
  const bare = join(scratch, 'repository');
  const run = (args: readonly string[]) => git(args, { local, signal });
  const branch = ref === undefined ? [] : ['--branch', ref];
  // A bare repository has no work tree, so nothing is checked out: no hook, filter, link or name can do anything.
  await run([
    'clone',
    '--bare',
    '--depth=1',
    '--no-tags',
    '--single-branch',
    '--template=',
    ...branch,
    '--',
    url,
    bare,
  ]);
  const revision = (await run(['--git-dir', bare, 'rev-parse', 'HEAD'])).trim();
  const packed = join(scratch, 'files.tar');
  await run(['--git-dir', bare, 'archive', '--format=tar', `--output=${packed}`, 'HEAD']);
  return { ...(await readArchive(packed, { oneFolder: false })), revision };
}

async function git(
  args: readonly string[],
  { local, signal }: { local: boolean; signal: AbortSignal | undefined },
): Promise<string> {
  const settings = [
    'core.hooksPath=/dev/null',
    'core.fsmonitor=false',
    'protocol.ext.allow=never',
    `protocol.file.allow=${local ? 'always' : 'never'}`,
  ].flatMap((setting) => ['-c', setting]);
  const own = Object.entries(process.env).filter(([name]) => !/^(GIT_|LATTICE_|NATS_)/.test(name));
  const env = { ...Object.fromEntries(own), GIT_TERMINAL_PROMPT: '0', GIT_LFS_SKIP_SMUDGE: '1', LC_ALL: 'C' };
  try {
    const { stdout } = await promisify(execFile)('git', [...settings, ...args], {
      env,
      timeout: CLONE_LIMIT_MS,
      maxBuffer: MAX_FILE_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
  } catch (cause) {
    throw gitError(args[0] ?? '', cause);
  }
}

function gitError(action: string, cause: unknown): LatticeError {
  const { code, killed, stderr } = cause as { code?: unknown; killed?: boolean; stderr?: string };
  if (code === 'ENOENT')
    return new LatticeError(
      'runner_unavailable',
      'There is no git on this machine, and this source needs it.',
      { cause },
    );
  if (killed === true)
    return new LatticeError('timeout', `git ${action} took longer than two minutes.`, { cause });
  const words = (stderr ?? '').split('\n').filter((line) => /^(fatal|error|remote):/.test(line));
  return new LatticeError(
    'io_failed',
    `git ${action} failed: ${words.slice(0, 3).join(' ') || 'it said nothing.'}`,
    {
      hint: 'Look at the address, and whether you may read the repository.',
      cause,
    },
  );
}

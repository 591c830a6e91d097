import { existsSync, lstatSync, type Stats } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import { GIT_SETTINGS, gitArgv } from './git-argv.ts';
import { runTool, type ToolResult, toolEnvironment } from './run-tool.ts';

/** A path as git gives it: its bytes, one per character, so that a name in any encoding comes back as it was. */
export type RawPath = string;

export interface GitOptions {
  /** The project; only files in it are looked at. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  /** Bounds each git command, in ms. */
  timeoutMs: number;
}

interface GitCall {
  input?: Buffer | string | undefined;
  env?: Readonly<Record<string, string>> | undefined;
}

/** Where HEAD is: a branch, which may have no commit yet, or a commit alone. */
export interface GitHead {
  /** As in `refs/heads/main`; nothing when detached. */
  readonly branch: string | undefined;
  readonly commit: string | undefined;
}

const ONGOING: readonly (readonly [string, string])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
];

/** One git working tree and the commands that run in it. */
export class GitRepository {
  readonly #options: GitOptions;
  readonly top: string;
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objectFormat: string;
  /** The project within the repository; `.` when they are the same. */
  readonly scope: string;

  private constructor(options: GitOptions, place: readonly string[], folder: string) {
    const [top = '', gitDir = '', commonDir = '', format = 'sha1'] = place;
    this.#options = options;
    this.top = top;
    this.gitDir = gitDir;
    this.commonDir = resolve(folder, commonDir);
    this.objectFormat = format;
    this.scope = relative(top, folder).split(sep).join('/') || '.';
  }

  /** @throws LatticeError `not_found` when the folder is in no git working tree, and what {@link runTool} throws. */
  static async open(options: GitOptions): Promise<GitRepository> {
    const folder = await realpath(options.folder).catch(() => resolve(options.folder));
    const found = await call(options, folder, gitArgv.place, {});
    if (found.code !== 0) {
      throw new LatticeError('not_found', `${folder} is in no git working tree.`, {
        hint: 'Run git init there, or set vcs.preset: none in lattice.yaml.',
        details: { said: found.stderr.trim() },
      });
    }
    return new GitRepository(options, found.stdout.toString('utf8').trimEnd().split('\n'), folder);
  }

  /** What a command says, without the line end. @throws LatticeError `io_failed` with what git said. */
  async text(args: readonly string[], given: GitCall = {}): Promise<string> {
    return (await this.bytes(args, given)).toString('utf8').trimEnd();
  }

  /** The fields of a command that separates with NUL. @throws LatticeError `io_failed` with what git said. */
  async fields(args: readonly string[], given: GitCall = {}): Promise<RawPath[]> {
    const said = (await this.bytes(args, given)).toString('latin1');
    return said === '' ? [] : said.replace(/\0$/, '').split('\0');
  }

  async bytes(args: readonly string[], given: GitCall = {}): Promise<Buffer> {
    const result = await this.try(args, given);
    if (result.code === 0) return result.stdout;
    throw new LatticeError('io_failed', `git ${args[0] ?? ''} failed: ${lastLines(result)}`);
  }

  /** Runs a command and leaves the judgement about its exit code to the caller. */
  try(args: readonly string[], given: GitCall = {}): Promise<ToolResult> {
    return call(this.#options, this.top, args, given);
  }

  async head(): Promise<GitHead> {
    const branch = await this.try(gitArgv.branch);
    const commit = await this.commitOf('HEAD');
    return { branch: branch.code === 0 ? branch.stdout.toString('utf8').trim() : undefined, commit };
  }

  async commitOf(name: string): Promise<string | undefined> {
    const found = await this.try(gitArgv.commitOf(name));
    return found.code === 0 ? found.stdout.toString('utf8').trim() : undefined;
  }

  /** Files that differ from the last commit, with those that git does not know yet. */
  async changed(): Promise<RawPath[]> {
    const fields = await this.fields(gitArgv.status(this.scope), { env: { GIT_OPTIONAL_LOCKS: '0' } });
    // A folder is a repository of its own in here.
    return fields.map((field) => field.slice(3)).filter((path) => !path.endsWith('/'));
  }

  /** What a person has begun and not ended, such as a merge. */
  ongoing(): string | undefined {
    return ONGOING.find(([name]) => existsSync(join(this.gitDir, name)))?.[1];
  }
}

/** Paths for a command that reads them from stdin. */
export function nulList(paths: readonly RawPath[]): Buffer {
  return Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
}

/** What stands at a path, without following a link; nothing also when its folder is a file. */
export function statOf(git: GitRepository, path: RawPath): Stats | undefined {
  try {
    return lstatSync(absolutePath(git, path), { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Where a path of the repository is on disk, in its own bytes. */
export function absolutePath(git: GitRepository, path: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${git.top}/`, 'utf8'), Buffer.from(path, 'latin1')]);
}

/** A path as a person reads it. */
export function shownPath(path: RawPath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** A path as git gives it, from one that a person wrote. */
export function rawPath(path: string): RawPath {
  return Buffer.from(path, 'utf8').toString('latin1');
}

function call(
  { environment, signal, timeoutMs }: GitOptions,
  cwd: string,
  args: readonly string[],
  given: GitCall,
): Promise<ToolResult> {
  const env = {
    ...toolEnvironment(environment),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_EDITOR: 'true',
    ...given.env,
  };
  return runTool({
    program: 'git',
    args: [...GIT_SETTINGS, ...args],
    cwd,
    env,
    input: given.input,
    signal,
    timeoutMs,
  });
}

function lastLines({ stderr, code }: ToolResult): string {
  const lines = stderr.trim().split('\n').slice(-4).join(' ');
  return lines === '' ? `exit code ${code}.` : lines;
}

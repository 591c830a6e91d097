import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitVcs } from '../git-vcs.ts';

/** A git repository in a temporary folder. */
export interface GitSandbox {
  dir: string;
  git(...args: string[]): string;
  open(folder?: string): Promise<GitVcs>;
  /** All that a person could lose: every file with its kind, mode and content, and what git says is staged. */
  state(): Record<string, string>;
  remove(): void;
}

/** @throws when git is not installed. */
export function gitSandbox(options: { bare?: boolean } = {}): GitSandbox {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'lattice-vcs-')));
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: dir,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, env, stdio: 'pipe' }).toString();
  git('init', '--quiet', '-b', 'main', ...(options.bare ? ['--bare'] : []));
  if (!options.bare) {
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.com');
  }
  return {
    dir,
    git,
    open: (folder = dir) =>
      GitVcs.open({ folder, environment: { PATH: process.env.PATH, HOME: dir }, timeoutMs: 20_000 }),
    state: () => ({ ...filesOf(dir), staged: git('ls-files', '-s') }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function filesOf(dir: string, under = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(dir, under)).sort()) {
    const path = under === '' ? name : `${under}/${name}`;
    if (path === '.git') continue;
    const stats = lstatSync(join(dir, path));
    if (stats.isDirectory()) Object.assign(found, filesOf(dir, path));
    else if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(join(dir, path))}`;
    else
      found[path] =
        `${(stats.mode & 0o111) === 0 ? 'file' : 'program'} ${readFileSync(join(dir, path), 'latin1')}`;
  }
  return found;
}

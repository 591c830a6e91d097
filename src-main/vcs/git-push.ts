import { LatticeError } from '../../src-shared/errors.ts';
import { gitArgv } from './git-argv.ts';
import type { GitRepository } from './git-repository.ts';
import type { Pushed } from './vcs.ts';

/** Pushes the branch that is checked out. @throws LatticeError `conflict` without a branch or a remote, `io_failed`. */
export async function pushBranch(git: GitRepository, dryRun: boolean): Promise<Pushed> {
  const head = await git.head();
  if (head.branch === undefined || head.commit === undefined) {
    throw new LatticeError('conflict', 'There is no branch with a commit to push.', {
      hint: 'Commit first (lattice vcs commit), or switch to a branch.',
    });
  }
  const branch = head.branch.replace('refs/heads/', '');
  const remote = await remoteFor(git, branch);
  const result = await git.try(gitArgv.push(remote, branch, dryRun));
  const said = [result.stdout.toString('utf8'), result.stderr]
    .join('\n')
    .split('\n')
    .map((line) => withoutSecrets(line.trim()))
    .filter((line) => line !== '' && line !== 'Done')
    .join('\n');
  if (result.code !== 0) {
    throw new LatticeError(
      'io_failed',
      `${remote} did not take ${branch}: ${said.split('\n').at(-1) ?? ''}`,
      {
        hint: 'git push says more, and can ask you for a password.',
        details: { said },
      },
    );
  }
  const open = (await git.changed()).length;
  const notes = open === 0 ? [] : [`${open} changed files are not committed and were not pushed.`];
  return { remote, branch, dryRun, said, notes };
}

async function remoteFor(git: GitRepository, branch: string): Promise<string> {
  const set = await git.try(gitArgv.remoteOf(branch));
  if (set.code === 0) return set.stdout.toString('utf8').trim();
  const remotes = (await git.text(gitArgv.remotes)).split('\n').filter((name) => name !== '');
  const remote = remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  if (remote !== undefined) return remote;
  throw new LatticeError(
    'conflict',
    remotes.length === 0
      ? 'This repository has no remote.'
      : `Which of ${remotes.join(', ')} to push to is not set.`,
    { hint: 'Add one: git remote add origin URL.' },
  );
}

/** A remote may carry a password in its address. */
function withoutSecrets(line: string): string {
  return line.replace(/(\w+:\/\/)[^\s/@]+@/g, '$1');
}

import { LatticeError } from '../../src-shared/errors.ts';
import { gitArgv } from './git-argv.ts';
import { keepIndex } from './git-index-state.ts';
import type { GitHead, GitRepository } from './git-repository.ts';
import type { Checkpoint } from './vcs.ts';

/** Who makes the commits of Lattice; an undo takes back only what carries this mark. */
export const LATTICE_EMAIL = 'lattice@localhost';
export const LATTICE_IDENTITY: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: 'Lattice',
  GIT_AUTHOR_EMAIL: LATTICE_EMAIL,
  GIT_COMMITTER_NAME: 'Lattice',
  GIT_COMMITTER_EMAIL: LATTICE_EMAIL,
};

const REFS = 'refs/lattice/checkpoints/';
const FIELDS = 6;
const TRIES = 50;

/** A checkpoint with what git needs to bring it back. */
export interface GitCheckpoint extends Checkpoint {
  readonly tree: string;
  /** The tree that holds what was staged. */
  readonly index: string;
  readonly head: GitHead;
}

interface NewCheckpoint {
  kind: Checkpoint['kind'];
  message: string;
  tree: string;
  undid?: number;
}

/** Every checkpoint of a repository, the newest first. */
export async function listCheckpoints(git: GitRepository): Promise<GitCheckpoint[]> {
  const fields = (await git.bytes(gitArgv.checkpoints)).toString('utf8').split('\0');
  const found: GitCheckpoint[] = [];
  for (let index = 0; index + FIELDS <= fields.length; index += FIELDS) {
    const checkpoint = read(fields.slice(index, index + FIELDS));
    if (checkpoint !== undefined) found.push(checkpoint);
  }
  return found.sort((a, b) => b.number - a.number);
}

/** Makes a tree of files and what is staged now the next checkpoint. @throws LatticeError `io_failed`, `busy`. */
export async function addCheckpoint(git: GitRepository, made: NewCheckpoint): Promise<GitCheckpoint> {
  const head = await git.head();
  const index = await keepIndex(git, head.commit);
  const env = LATTICE_IDENTITY;
  const keeper = await git.text(gitArgv.commitTree(index, []), { env, input: 'index\n' });
  const parents = [...(head.commit === undefined ? [] : [head.commit]), keeper];
  const id = await git.text(gitArgv.commitTree(made.tree, parents), { env, input: described(made, head) });
  let number = ((await listCheckpoints(git))[0]?.number ?? 0) + 1;
  for (let tries = 0; tries < TRIES; tries++, number++) {
    const created = await git.try(gitArgv.createRef(`${REFS}${number}`, id));
    if (created.code === 0) {
      const time = new Date().toISOString();
      return { ...made, number, time, index, head, message: made.message.trim() };
    }
  }
  throw new LatticeError('busy', 'The checkpoint found no free number.', {
    hint: 'See whether refs/lattice in the repository can be written, and try again.',
  });
}

function described({ kind, message, undid }: NewCheckpoint, head: GitHead): string {
  const facts = [
    `Lattice-Kind: ${kind}`,
    ...(head.branch === undefined ? [] : [`Lattice-Branch: ${head.branch}`]),
    ...(head.commit === undefined ? [] : [`Lattice-Head: ${head.commit}`]),
    ...(undid === undefined ? [] : [`Lattice-Undid: ${undid}`]),
  ];
  return `${message.replaceAll('\0', ' ').trim()}\n\n${facts.join('\n')}\n`;
}

function read(fields: readonly string[]): GitCheckpoint | undefined {
  const [ref = '', , tree = '', parents = '', time = '', contents = ''] = fields;
  const number = Number(ref.trim().slice(REFS.length));
  const parts = contents.trimEnd().split('\n\n');
  const facts = new Map(
    (parts.pop() ?? '').split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }),
  );
  const index = parents.split(' ').at(-1);
  const kind = facts.get('Lattice-Kind');
  if (!Number.isSafeInteger(number) || !index || (kind !== 'checkpoint' && kind !== 'undo')) return undefined;
  const undid = facts.get('Lattice-Undid');
  return {
    number,
    kind,
    message: parts.join('\n\n'),
    time: new Date(time).toISOString(),
    tree,
    index: `${index}^{tree}`,
    head: { branch: facts.get('Lattice-Branch'), commit: facts.get('Lattice-Head') },
    ...(undid === undefined ? {} : { undid: Number(undid) }),
  };
}

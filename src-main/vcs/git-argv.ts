/** Settings of every git call: no hook, monitor, signature, pager or background work of a repository runs. */
export const GIT_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'color.ui=false',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

const pathsOnStdin = ['--pathspec-from-file=-', '--pathspec-file-nul'];

/** Every git command that the preset `git-stash` runs. Paths are from the top of the repository. */
export const gitArgv = {
  place: ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--git-common-dir', '--show-object-format'],
  branch: ['symbolic-ref', '-q', 'HEAD'],
  commitOf: (name: string) => ['rev-parse', '-q', '--verify', `${name}^{commit}`],
  status: (scope: string) => [
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    '--ignore-submodules=all',
    '--',
    scope,
  ],
  excludesFile: ['config', '--path', '--get', 'core.excludesFile'],

  initSnapshots: (format: string, folder: string) => [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    `--object-format=${format}`,
    folder,
  ],
  listFiles: (scope: string) => ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', scope],
  listIndex: (scope: string) => ['ls-files', '-s', '-z', '--', scope],
  listTree: (tree: string, scope: string) => ['ls-tree', '-r', '-z', '--full-tree', tree, '--', scope],
  takeFiles: ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'],
  setIndex: ['update-index', '-z', '--index-info'],
  writeTree: ['write-tree'],
  makeTree: ['mktree', '-z'],
  keepBytes: ['hash-object', '-w', '--no-filters', '--stdin'],
  commitTree: (tree: string, parents: readonly string[]) => [
    'commit-tree',
    tree,
    ...parents.flatMap((parent) => ['-p', parent]),
  ],
  createRef: (name: string, id: string) => ['update-ref', name, id, '0'.repeat(id.length)],
  moveRef: (name: string, id: string, from: string) => ['update-ref', '-m', 'lattice: undo', name, id, from],
  dropRef: (name: string, from: string) => ['update-ref', '-d', name, from],
  detach: (id: string) => ['update-ref', '--no-deref', '-m', 'lattice: undo', 'HEAD', id],
  attach: (branch: string) => ['symbolic-ref', '-m', 'lattice', 'HEAD', branch],
  checkpoints: [
    'for-each-ref',
    '--format=%(refname)%00%(objectname)%00%(tree)%00%(parent)%00%(committerdate:iso-strict)%00%(contents)%00',
    'refs/lattice/checkpoints',
  ],

  compare: (from: string, to: string) => ['diff-tree', '-r', '-z', '--raw', '--no-renames', from, to],
  loadTree: (tree: string) => ['read-tree', tree],
  writeFiles: ['checkout-index', '-f', '-z', '--stdin'],
  show: (object: string) => ['cat-file', 'blob', object],

  identity: ['var', 'GIT_AUTHOR_IDENT'],
  stage: ['add', '-A', ...pathsOnStdin],
  commit: (message: string) => [
    'commit',
    '--quiet',
    '--only',
    '--no-verify',
    '--cleanup=verbatim',
    '-m',
    message,
    ...pathsOnStdin,
  ],
  isAncestor: (old: string, young: string) => ['merge-base', '--is-ancestor', old, young],
  worktrees: ['worktree', 'list', '--porcelain', '-z'],
  committers: (from: string | undefined, to: string) => [
    'log',
    '--format=%ce',
    from === undefined ? to : `${from}..${to}`,
  ],
  onRemotes: (commit: string) => ['for-each-ref', '--count=1', `--contains=${commit}`, 'refs/remotes'],

  remotes: ['remote'],
  remoteOf: (branch: string) => ['config', '--get', `branch.${branch}.remote`],
  push: (remote: string, branch: string, dryRun: boolean) => [
    'push',
    '--porcelain',
    '--no-verify',
    ...(dryRun ? ['--dry-run'] : ['--set-upstream']),
    '--',
    remote,
    `refs/heads/${branch}:refs/heads/${branch}`,
  ],
} as const;

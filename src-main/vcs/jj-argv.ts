/** Every jj command of the presets `jj-checkpoint` and `jj-workspace`. */
export const jjArgv = {
  root: ['root'],
  /** Takes the files as they are into jj; every command without `--ignore-working-copy` does. */
  status: ['status'],
  at: ['log', '-r', '@', '--no-graph', '-T', 'change_id.short() ++ " " ++ description.first_line()'],
  description: ['log', '-r', '@', '--no-graph', '-T', 'description'],
  committed: ['log', '-r', '@-', '--no-graph', '-T', 'commit_id'],
  files: ['diff', '--name-only'],
  operation: ['op', 'log', '-n', '1', '--no-graph', '-T', 'id', '--ignore-working-copy'],
  newChange: (message: string) => ['new', '-m', message],
  commit: (message: string, files: readonly string[]) => [
    'commit',
    '-m',
    message,
    ...files.map((file) => `root-file:${JSON.stringify(file)}`),
  ],
  restore: (operation: string) => ['op', 'restore', operation],
  push: (dryRun: boolean) => ['git', 'push', '-c', '@-', ...(dryRun ? ['--dry-run'] : [])],
  addWorkspace: (folder: string, name: string, message: string) => [
    'workspace',
    'add',
    folder,
    '--name',
    name,
    '-r',
    '@',
    '-m',
    message,
  ],
  forgetWorkspace: (name: string) => ['workspace', 'forget', name],
} as const;

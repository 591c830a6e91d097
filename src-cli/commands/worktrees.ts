import type { Command } from 'commander';
import { listWorktrees, removeWorktree, type WorkTree } from '../../src-main/agents/sandbox/worktrees.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { globalsOf } from '../globals.ts';
import { createOutput } from '../output.ts';
import { plural } from '../words.ts';

export function addWorktreeCommands(program: Command): void {
  const worktrees = program
    .command('worktrees')
    .description('git worktrees that runs with sandbox: {folder: worktree} left in this project')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice worktrees list\n  lattice worktrees remove\n  lattice worktrees remove 01KAMV5M7Q0Z --force',
    );

  worktrees
    .command('list')
    .description('each worktree, and what in it is not elsewhere')
    .action(async (_options: unknown, command: Command) => {
      const trees = await listWorktrees(process.cwd());
      createOutput(globalsOf(command).json === true).result({ worktrees: trees }, () =>
        trees.length === 0
          ? 'No run left a worktree here.'
          : trees.map((tree) => `${tree.work}  ${stateOf(tree)}\n  ${tree.dir}`).join('\n'),
      );
    });

  worktrees
    .command('remove [work...]')
    .description('remove those that hold nothing of their own; named ones with --force whatever they hold')
    .option('--force', 'also what is changed or committed in the named ones and nowhere else')
    .option('--dry-run', 'only say what would go')
    .action(async (works: string[], options: { force?: boolean; dryRun?: boolean }, command: Command) => {
      const root = process.cwd();
      const { dryRun = false, force = false } = options;
      const chosen = await choose(root, works, force);
      if (!dryRun) for (const tree of chosen.remove) await removeWorktree(root, tree, { force });
      createOutput(globalsOf(command).json === true).result(
        { removed: chosen.remove, kept: chosen.keep, dry_run: dryRun },
        () =>
          [
            ...chosen.remove.map((tree) => `${dryRun ? 'Would remove' : 'Removed'} ${tree.work}`),
            ...chosen.keep.map((tree) => `Kept ${tree.work}: ${stateOf(tree)}`),
          ].join('\n') || 'No run left a worktree here.',
      );
    });
}

async function choose(root: string, works: readonly string[], force: boolean) {
  if (force && works.length === 0)
    throw new LatticeError('invalid_input', 'Name the works whose changes are to be lost.', {
      hint: 'lattice worktrees list shows them.',
    });
  const trees = await listWorktrees(root);
  const missing = works.find((work) => !trees.some((tree) => tree.work === work));
  if (missing !== undefined)
    throw new LatticeError('not_found', `Work ${missing} left no worktree here.`, {
      hint: 'lattice worktrees list shows those that are there.',
    });
  const named = trees.filter((tree) => works.length === 0 || works.includes(tree.work));
  const goes = (tree: WorkTree) => !tree.in_use && (force || (tree.changed === 0 && tree.commits === 0));
  return { remove: named.filter(goes), keep: named.filter((tree) => !goes(tree)) };
}

function stateOf({ in_use, changed, commits }: WorkTree): string {
  if (in_use) return 'a run works in it';
  const parts = [
    ...(changed > 0 ? [plural(changed, 'changed file')] : []),
    ...(commits > 0 ? [`${plural(commits, 'commit')} that no branch has`] : []),
  ];
  return parts.length === 0 ? 'holds nothing of its own' : parts.join(', ');
}
